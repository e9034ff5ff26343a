package io.flinkha.flink.state;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists what runs left in the storage, and deletes of it, but nothing behind a closed gate. */
public final class StateStorage {
    private static final Logger LOG = LoggerFactory.getLogger(StateStorage.class);

    private final BooleanSupplier mayDelete;

    public StateStorage(BooleanSupplier mayDelete) {
        this.mayDelete = mayDelete;
    }

    /** What a directory holds; nothing if it is not there. */
    public static FileStatus[] entries(Path directory) throws IOException {
        try {
            FileStatus[] entries = directory.getFileSystem().listStatus(directory);
            return entries == null ? new FileStatus[0] : entries;
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    /** A file system may refuse to: what is left then is empty, and no reason to stop. */
    public void deleteIfEmpty(Path directory) throws IOException {
        if (entries(directory).length > 0) {
            return;
        }
        try {
            var unused = delete(directory);
        } catch (IOException e) {
            LOG.debug("The empty directory {} stays.", directory, e);
        }
    }

    /** Deletes a file or an empty directory; says whether it was there. */
    public boolean delete(Path path) throws IOException {
        if (!mayDelete.getAsBoolean()) {
            throw new IOException("the gate is closed");
        }
        return path.getFileSystem().delete(path, false);
    }

    /**
     * A file's name below the directory of that job. Not the whole path: one file may be written as
     * s3://b/x and s3a://b/x, and a mismatch would make a referenced file look like garbage.
     */
    public static String name(Path file, String jobId) {
        String path = file.toUri().getPath();
        String marker = "/" + jobId + "/";
        int at = path.lastIndexOf(marker);
        return at < 0 ? path : path.substring(at + marker.length());
    }
}
