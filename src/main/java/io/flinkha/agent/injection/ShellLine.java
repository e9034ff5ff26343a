package io.flinkha.agent.injection;

import java.util.ArrayList;
import java.util.List;

/** The words of one command within a line for a shell, from a place on, and where each stands. */
record ShellLine(List<Word> words) {
    private static final String ENDS = ";&|<>()`#";

    /**
     * @param text without the quotes around it
     */
    record Word(String text, int from, int to) {
        /** The script's own arguments stand in its place. */
        boolean isPositional() {
            return text.equals("$@") || text.equals("$*");
        }
    }

    static ShellLine of(String line, int start) {
        char outer = quoteAt(line, start);
        List<Word> words = new ArrayList<>();
        int i = start;
        while (i < line.length() && !ends(line, i, outer)) {
            if (isBlank(line, i)) {
                i += line.charAt(i) == '\\' ? 2 : 1;
                continue;
            }
            int from = i;
            i = wordEnd(line, i, outer);
            words.add(new Word(unquoted(line.substring(from, i)), from, i));
        }
        return new ShellLine(words);
    }

    /** The quote that is open there, as of a shell within the shell; 0 for none. */
    private static char quoteAt(String line, int end) {
        char open = 0;
        for (int i = 0; i < end; i++) {
            open = quoteAfter(line.charAt(i), open);
        }
        return open;
    }

    private static char quoteAfter(char c, char open) {
        if (open == 0) {
            return c == '\'' || c == '"' ? c : 0;
        }
        return c == open ? 0 : open;
    }

    private static boolean ends(String line, int at, char outer) {
        char c = line.charAt(at);
        return c == '\n' || c == outer || ENDS.indexOf(c) >= 0;
    }

    private static boolean isBlank(String line, int at) {
        return Character.isWhitespace(line.charAt(at)) || line.startsWith("\\\n", at);
    }

    private static int wordEnd(String line, int from, char outer) {
        char open = 0;
        for (int i = from; i < line.length(); i++) {
            if (open == 0 && line.startsWith("$(", i)) {
                // Kubernetes' variable, or a command's output.
                int close = line.indexOf(')', i);
                i = close < 0 ? line.length() - 1 : close;
            } else if (open == 0 && (isBlank(line, i) || ends(line, i, outer))) {
                return i;
            } else {
                open = quoteAfter(line.charAt(i), open);
            }
        }
        return line.length();
    }

    private static String unquoted(String word) {
        return word.matches("(?s)(['\"]).*\\1") && word.length() > 1
                ? word.substring(1, word.length() - 1)
                : word;
    }
}
