package io.flinkha.flink.state;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Remembers whether reading failed.
 *
 * <p>Parsers throw IOExceptions of their own. Only this tells a source that went away, which is
 * worth another try, from content that is damaged, which is not.
 */
public final class SourceStream extends FilterInputStream {
    private boolean failed;

    public SourceStream(InputStream in) {
        super(in);
    }

    public boolean failed() {
        return failed;
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (IOException | RuntimeException e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            failed = true;
            throw e;
        }
    }
}
