package io.flinkha.agent.injection;

/** The message is the sentence for whoever applied the Job: what, where, what to do. */
public final class NotInjectableException extends Exception {
    private static final long serialVersionUID = 1L;

    NotInjectableException(String sentence) {
        super(sentence);
    }
}
