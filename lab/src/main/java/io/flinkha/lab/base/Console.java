package io.flinkha.lab.base;

import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The live timeline: one line for each event, with the seconds since the command began. */
public final class Console {
    private static final long START = System.currentTimeMillis();

    /** Held, because a logger that nobody holds forgets its level. */
    private static final List<Logger> CLIENTS =
            List.of(Logger.getLogger("io.fabric8.kubernetes.client"), Logger.getLogger("io.vertx"));

    private Console() {}

    /**
     * Netty's way to memory makes new JVMs print warnings between our lines, and watches tell at
     * length that an API server is away which we have stopped. To be called first.
     */
    public static void quietLibraries() {
        System.setProperty("io.netty.noUnsafe", "true");
        CLIENTS.forEach(client -> client.setLevel(Level.OFF));
    }

    public static void event(String text) {
        double seconds = (System.currentTimeMillis() - START) / 1000.0;
        synchronized (Console.class) {
            System.out.printf(Locale.ROOT, "%8.2f s  %s%n", seconds, text);
            System.out.flush();
        }
    }
}
