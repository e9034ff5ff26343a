package io.flinkha.agent.command;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a command has to say: sentences as they come for people, one JSON object for programs. */
final class Output implements AutoCloseable {
    private final PrintWriter out;
    private final boolean json;
    private final JsonArray said = new JsonArray();
    private JsonObject document = new JsonObject();

    Output(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /**
     * Asked of the kernel: what the JDK takes for a console is not the same in each release, and in
     * none of them is it about the output alone.
     */
    static boolean isTerminal() {
        try {
            String where = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return where.startsWith("/dev/pts/") || where.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    void say(String sentence) {
        if (json) {
            said.add(sentence);
        } else {
            out.println(sentence);
            out.flush();
        }
    }

    /** The answer of a command that was asked for data; {@code text} is the same for people. */
    void show(JsonObject answer, String text) {
        document = answer;
        if (!json) {
            say(text);
        }
    }

    @Override
    public void close() {
        if (json && !(said.isEmpty() && document.isEmpty())) {
            JsonObject whole = said.isEmpty() ? document : document.copy().put("said", said);
            out.println(whole.encodePrettily());
            out.flush();
        }
    }
}
