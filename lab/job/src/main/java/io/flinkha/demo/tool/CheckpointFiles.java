package io.flinkha.demo.tool;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.jspecify.annotations.Nullable;

/**
 * Prints the files that a checkpoint names, one path a line, its own {@code _metadata} included.
 * Argument: a checkpoint's directory.
 */
public final class CheckpointFiles {
    private CheckpointFiles() {}

    public static void main(String[] args) throws Exception {
        Path checkpoint = Path.of(args[0]);
        Path metadata = checkpoint.resolve("_metadata");
        System.out.println(metadata);
        for (String file : named(checkpoint, metadata)) {
            System.out.println(file);
        }
    }

    private static Set<String> named(Path directory, Path metadata)
            throws IOException, IllegalAccessException {
        CheckpointMetadata checkpoint;
        try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata))) {
            checkpoint =
                    Checkpoints.loadCheckpointMetadata(
                            in,
                            CheckpointFiles.class.getClassLoader(),
                            directory.toUri().toString());
        }
        Set<String> files = new TreeSet<>();
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.push(checkpoint);
        while (!open.isEmpty()) {
            Object object = open.pop();
            if (!seen.add(object)) {
                continue;
            }
            if (object instanceof FileStateHandle) {
                files.add(((FileStateHandle) object).getFilePath().getPath());
            } else {
                pushParts(object, open);
            }
        }
        return files;
    }

    /**
     * Flink has a dozen kinds of state handles and no visitor over them. A walk over the fields
     * finds every file handle, also in kinds that this demo does not know.
     */
    private static void pushParts(Object object, Deque<Object> open) throws IllegalAccessException {
        if (object instanceof Iterable) {
            ((Iterable<?>) object).forEach(part -> pushIfPresent(part, open));
            return;
        }
        if (object instanceof Map) {
            ((Map<?, ?>) object).values().forEach(part -> pushIfPresent(part, open));
            return;
        }
        for (Class<?> type = object.getClass();
                type != null && type.getName().startsWith("org.apache.flink.");
                type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    pushIfPresent(field.get(object), open);
                }
            }
        }
    }

    private static void pushIfPresent(@Nullable Object part, Deque<Object> open) {
        if (part != null) {
            open.push(part);
        }
    }
}
