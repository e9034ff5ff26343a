package io.flinkha.flink.agent;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a request body; it is called again when the call is repeated. */
public interface BodyWriter {
    void write(OutputStream out) throws IOException;
}
