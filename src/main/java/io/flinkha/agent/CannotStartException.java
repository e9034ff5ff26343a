package io.flinkha.agent;

/** Nothing that waiting would help against; the message is a sentence for whoever can. */
final class CannotStartException extends Exception {
    private static final long serialVersionUID = 1L;

    CannotStartException(String sentence) {
        super(sentence);
    }
}
