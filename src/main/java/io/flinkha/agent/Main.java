package io.flinkha.agent;

import io.flinkha.agent.command.Commands;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * The agent, the injector, or one act of a person, which must not start the agent: its ports and
 * its Lease may be in use beside it.
 */
@QuarkusMain
public final class Main {
    static final String INJECTOR = "injector";

    private Main() {}

    public static void main(String... args) {
        if (args.length == 1 && args[0].equals(INJECTOR)) {
            System.setProperty("quarkus.profile", INJECTOR);
        }
        if (args.length == 0 || INJECTOR.equals(System.getProperty("quarkus.profile"))) {
            Quarkus.run();
            return;
        }
        if (ImageMode.current() == ImageMode.JVM) {
            // Netty would warn of what newer JDKs say about it, between the words of the command.
            // In a native image it has decided already, and would stand between two answers.
            System.setProperty("io.netty.noUnsafe", "true");
        }
        System.exit(Commands.ofProcess().execute(args));
    }
}
