package io.flinkha.flink.state;

import io.flinkha.flink.agent.Pointer;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.jspecify.annotations.Nullable;

/**
 * Reads a checkpoint's {@code _metadata}, and tells the three ways apart in which that can fail.
 * Clients of object stores throw unchecked: only what parsing throws means damage.
 */
public final class MetadataFile {
    private MetadataFile() {}

    /** How reading ended. */
    public enum Outcome {
        READ,
        /** It is not there. */
        NOT_FOUND,
        /** It is there, and it is damaged or no checkpoint. */
        UNREADABLE,
        /** The storage did not say. It is worth another try. */
        UNREACHABLE
    }

    /** The outcome, and with READ what was in the file. */
    public static final class Reading {
        private final Outcome outcome;
        private final @Nullable CheckpointMetadata content;
        private final String file;
        private final String detail;

        private Reading(
                Outcome outcome, @Nullable CheckpointMetadata content, String file, String detail) {
            this.outcome = outcome;
            this.content = content;
            this.file = file;
            this.detail = detail;
        }

        public Outcome outcome() {
            return outcome;
        }

        public CheckpointMetadata content() {
            if (content == null) {
                throw new IllegalStateException(detail);
            }
            return content;
        }

        /** The file that was read. */
        public Path file() {
            return new Path(file);
        }

        public String detail() {
            return detail;
        }

        @Override
        public String toString() {
            return outcome + ": " + detail;
        }
    }

    /** Reads what a restore path, a directory or the file itself, points to. */
    public static Reading ofRestorePath(String path, ClassLoader classes) {
        try {
            Path file =
                    AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path)
                            .getMetadataHandle()
                            .getFilePath();
            return read(file, path, classes);
        } catch (FileNotFoundException e) {
            return failed(Outcome.NOT_FOUND, path, e);
        } catch (IOException | RuntimeException e) {
            return failed(Outcome.UNREACHABLE, path, e);
        }
    }

    public static Reading of(Pointer pointer, ClassLoader classes) {
        try {
            return read(new Path(pointer.metadata()), pointer.path(), classes);
        } catch (IllegalArgumentException e) {
            return failed(Outcome.UNREADABLE, pointer.metadata(), e);
        }
    }

    private static Reading read(Path file, String pointer, ClassLoader classes) {
        try (SourceStream source = open(file)) {
            try (DataInputStream in = new DataInputStream(source)) {
                CheckpointMetadata content =
                        Checkpoints.loadCheckpointMetadata(in, classes, pointer);
                return new Reading(Outcome.READ, content, file.toString(), file.toString());
            } catch (IOException | RuntimeException e) {
                return failed(
                        source.failed() ? Outcome.UNREACHABLE : Outcome.UNREADABLE,
                        file.toString(),
                        e);
            }
        } catch (FileNotFoundException e) {
            return failed(Outcome.NOT_FOUND, file.toString(), e);
        } catch (IOException | RuntimeException e) {
            return failed(Outcome.UNREACHABLE, file.toString(), e);
        }
    }

    private static SourceStream open(Path file) throws IOException {
        FileSystem files = file.getFileSystem();
        InputStream in = files.open(file);
        return new SourceStream(in);
    }

    private static Reading failed(Outcome outcome, String file, Exception cause) {
        return new Reading(outcome, null, file, file + " (" + cause + ")");
    }
}
