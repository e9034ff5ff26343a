package io.flinkha.demo;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Runs another job's main() and counts the runs. Arguments: the directory for the count, the class,
 * and then the class's own arguments.
 */
public final class RecordedMain {
    private RecordedMain() {}

    public static void main(String[] args) throws Exception {
        var unused = MainRuns.record(Path.of(args[0]));
        Class<?> job = Class.forName(args[1], true, Thread.currentThread().getContextClassLoader());
        String[] own = Arrays.copyOfRange(args, 2, args.length);
        try {
            job.getMethod("main", String[].class).invoke(null, (Object) own);
        } catch (InvocationTargetException e) {
            // The launcher must see what the job threw, as if it had called it itself.
            Throwable thrown = e.getCause();
            if (thrown instanceof Exception) {
                throw (Exception) thrown;
            }
            if (thrown instanceof Error) {
                throw (Error) thrown;
            }
            throw e;
        }
    }
}
