package io.flinkha.flink.main;

import io.flinkha.flink.config.Settings;
import io.flinkha.flink.jvm.Halt;
import io.flinkha.flink.plan.PlanRejection;
import io.flinkha.flink.plan.PlanStore;
import io.flinkha.flink.process.Run;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.client.program.ProgramAbortException;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the user's main(), and keeps an exception of it away from Flink.
 *
 * <p>Flink 2.3 takes a main() that throws for a FAILED application and cleans up all that it has.
 * To us it is a start that failed: nothing is recorded, the JVM halts, and the agent counts it.
 */
public final class UserMain {
    private static final Logger LOG = LoggerFactory.getLogger(UserMain.class);

    /** So Flink's own refusal begins, on each line. */
    private static final String SECOND_EXECUTE = "Cannot have more than ";

    private static final long RESULT_SECONDS = 60;
    private static final long REJECTION_SECONDS = 2;

    private final Settings settings;
    private final Halt halt;
    private final PlanRejection rejection;
    private final Run run;

    UserMain(Settings settings, Halt halt, PlanRejection rejection, Run run) {
        this.settings = settings;
        this.halt = halt;
        this.rejection = rejection;
        this.run = run;
    }

    void call(String[] args) throws Exception {
        String className = className();
        try {
            LOG.info("Running main() of {}.", className);
            main(className).invoke(null, (Object) args);
            if (!run.isPlanSubmitted() && settings.planStoreEnabled()) {
                LOG.warn(
                        "main() of {} returned without having submitted a job; Flink will end.",
                        className);
            }
        } catch (InvocationTargetException e) {
            failed(className, e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            failed(className, e);
        }
    }

    private String className() {
        try {
            return MainClass.of(
                    settings.jobClass(), Thread.currentThread().getContextClassLoader());
        } catch (IOException | IllegalConfigurationException e) {
            throw halt.now(Halt.FAILED_START, "main() is not found: " + e.getMessage());
        }
    }

    private static Method main(String className) throws ReflectiveOperationException {
        // The user's jars are only visible through the context class loader.
        Class<?> type =
                Class.forName(className, false, Thread.currentThread().getContextClassLoader());
        Method main = type.getMethod("main", String[].class);
        if (!Modifier.isStatic(main.getModifiers())) {
            throw new NoSuchMethodException(className + " has no static main(String[])");
        }
        return main;
    }

    private void failed(String className, Throwable failure) throws Exception {
        if (isFlinksOwn(failure) || isTheJobsEnd(failure)) {
            ExceptionUtils.rethrowException(failure);
            return;
        }
        LOG.error("main() of {} failed.", className, failure);
        if (run.isPlanSubmitted()) {
            // Otherwise the next start would resume the plan of a main() that did not succeed.
            reject("main() of " + className + " failed after it submitted the job: " + failure);
        }
        throw halt.now(
                Halt.FAILED_START,
                "main() of "
                        + className
                        + " failed: "
                        + failure
                        + hint(failure)
                        + "; nothing is recorded");
    }

    private static String hint(Throwable failure) {
        return String.valueOf(failure.getMessage()).startsWith(SECOND_EXECUTE)
                ? " (" + PlanStore.ONE_JOB + ")"
                : "";
    }

    /** Control flow, or Flink stopping main() because the JobManager goes down. */
    private static boolean isFlinksOwn(Throwable failure) {
        return ExceptionUtils.findThrowable(failure, ProgramAbortException.class).isPresent()
                || ExceptionUtils.findThrowable(failure, InterruptedException.class).isPresent();
    }

    /**
     * Whether an attached execute() reports how the job ended. That is a result, recorded like any
     * other; Flink may go on once it is.
     */
    private boolean isTheJobsEnd(Throwable failure) throws FlinkException {
        boolean end =
                run.isPlanSubmitted()
                        && ExceptionUtils.findThrowable(failure, JobExecutionException.class)
                                .map(e -> run.jobId().equals(e.getJobID()))
                                .orElse(false);
        if (!end) {
            return false;
        }
        try {
            run.result().get(RESULT_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkException("interrupted while the job's result was recorded", e);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private void reject(String reason) {
        try {
            rejection.start(run, reason).get(REJECTION_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The agent could not be told to drop the stored plan: {}", e.toString());
        }
    }
}
