package io.flinkha.harness;

import java.util.Locale;

/** The live timeline: one line for each event, with the seconds since the command began. */
public final class Console {
    private static final long START = System.currentTimeMillis();

    private Console() {}

    /**
     * Netty's way to memory makes new JVMs print warnings between our lines. To be called first.
     */
    public static void quietLibraries() {
        System.setProperty("io.netty.noUnsafe", "true");
    }

    public static void event(String text) {
        double seconds = (System.currentTimeMillis() - START) / 1000.0;
        synchronized (Console.class) {
            System.out.printf(Locale.ROOT, "%8.2f s  %s%n", seconds, text);
            System.out.flush();
        }
    }
}
