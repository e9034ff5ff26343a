package io.flinkha.agent.command;

import io.flinkha.agent.injection.Injection;
import io.flinkha.agent.injection.Manifests;
import io.flinkha.agent.injection.NotInjectableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What the injector would make of the Jobs in a file; without a cluster. */
final class Inject {
    private Inject() {}

    static void run(String file, Injection injection, PrintWriter out, PrintWriter err)
            throws RefusedException, IOException {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            Manifests.Result result = Manifests.inject(in, injection);
            result.warnings().forEach(warning -> err.println("Warning: " + warning));
            if (result.injected() == 0) {
                err.println(
                        "Warning: nothing in %s has the label %s: \"true\", on a Job or on its template; it is printed as it was."
                                .formatted(file, Injection.INJECT));
            }
            err.flush();
            out.print(result.yaml());
            out.flush();
        } catch (NoSuchFileException e) {
            throw new RefusedException(
                    "There is no file %s: name one with -f, or - for standard input."
                            .formatted(file));
        } catch (NotInjectableException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }
}
