package io.flinkha.flink.agent;

import java.io.IOException;
import java.io.InputStream;

/** Reads an answer's body. */
public interface BodyReader<T> {
    T read(InputStream in) throws IOException;
}
