package io.flinkha.agent.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which room may see which. Strict from the first day, nothing frozen. */
class ArchitectureTest {
    private static final JavaClasses AGENT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.flinkha.agent");
    private static final String CORE = "io.flinkha.agent.core..";
    private static final String PORT = "io.flinkha.agent.port..";
    private static final String SENTENCES = "io.flinkha.agent.sentences..";
    private static final String ADMISSION = "io.flinkha.agent.adapter.admission..";
    private static final String INJECTION = "io.flinkha.agent.injection..";

    /** Values only: text, collections, functions, durations, UUIDs. */
    @Test
    void coreSeesNothingButValues() {
        classes()
                .that()
                .resideInAPackage(CORE)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                CORE,
                                "java.lang",
                                "java.lang.annotation",
                                "java.lang.invoke",
                                "java.lang.runtime",
                                "java.util",
                                "java.util.function",
                                "java.util.stream",
                                "java.time",
                                "java.nio.charset",
                                "org.jspecify.annotations"))
                .because("the core is a pure function")
                .check(AGENT);
    }

    @Test
    void coreReadsNoClockDrawsNoChanceAndStartsNothing() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat(
                        simpleName("System")
                                .or(simpleName("Thread"))
                                .or(simpleName("Runtime"))
                                .or(simpleName("Process"))
                                .or(simpleName("ProcessBuilder"))
                                .or(simpleName("ThreadLocal"))
                                .or(simpleName("Clock"))
                                .or(simpleName("Random"))
                                .or(simpleName("SplittableRandom"))
                                .or(simpleName("Timer"))
                                .or(simpleName("Optional")))
                .check(AGENT);
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .callMethod("java.time.Instant", "now")
                .orShould()
                .callMethod("java.util.UUID", "randomUUID")
                .check(AGENT);
    }

    @Test
    void portsSeeTheCoreOnly() {
        onlySees(PORT, PORT, CORE);
    }

    @Test
    void runtimeSeesCoreAndPorts() {
        onlySees(
                "io.flinkha.agent.runtime..",
                "io.flinkha.agent.runtime..",
                PORT,
                CORE,
                SENTENCES,
                "org.jboss.logging..");
    }

    @Test
    void sentencesSeeTheCoreOnly() {
        onlySees(SENTENCES, SENTENCES, CORE);
    }

    @Test
    void configurationBecomesTheCoresSettings() {
        onlySees(
                "io.flinkha.agent.config..",
                "io.flinkha.agent.config..",
                CORE,
                "io.smallrye.config..",
                "io.quarkus.runtime.configuration..", // its times, as it reads them itself
                "org.eclipse.microprofile.config..");
        noClasses()
                .that()
                .resideInAPackage("io.flinkha.agent.config..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(CORE)
                                .and(not(simpleName("Settings")))
                                .and(not(simpleName("RestartPolicy")))
                                .and(not(simpleName("OnFailed")))
                                .and(not(simpleName("RestorePolicy")))
                                .and(not(simpleName("Strategy")))
                                .and(not(simpleName("ClaimMode")))
                                .and(not(simpleName("Watchdog")))
                                .and(not(simpleName("OnNoProgress"))))
                .check(AGENT);
    }

    private static void onlySees(String room, String... others) {
        String[] seen = new String[others.length + 2];
        System.arraycopy(others, 0, seen, 0, others.length);
        seen[others.length] = "java..";
        seen[others.length + 1] = "org.jspecify.annotations..";
        classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(seen))
                .check(AGENT);
    }

    @Test
    void adaptersSeePortsAndCoreButNeitherTheLoopNorEachOther() {
        noClasses()
                .that(
                        resideInAPackage("io.flinkha.agent.adapter..")
                                .and(not(resideInAPackage(ADMISSION))))
                .should()
                .dependOnClassesThat(
                        ofTheAgentBut("io.flinkha.agent.adapter..", CORE, PORT, SENTENCES))
                .check(AGENT);
        slices().matching("io.flinkha.agent.adapter.(*)..")
                .should()
                .notDependOnEachOther()
                .check(AGENT);
    }

    @Test
    void admissionSeesTheInjectionThatSeesTheSettings() {
        noClasses()
                .that()
                .resideInAPackage(ADMISSION)
                .should()
                .dependOnClassesThat(ofTheAgentBut(ADMISSION, INJECTION))
                .check(AGENT);
        noClasses()
                .that()
                .resideInAPackage(INJECTION)
                .should()
                .dependOnClassesThat(ofTheAgentBut(INJECTION, "io.flinkha.agent.config.."))
                .check(AGENT);
    }

    private static DescribedPredicate<JavaClass> ofTheAgentBut(String... rooms) {
        return resideInAPackage("io.flinkha.agent..").and(not(resideInAnyPackage(rooms)));
    }

    @Test
    void kubernetesIsSeenFromOneRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.flinkha.agent.adapter.kubernetes..")
                .and()
                .doNotHaveFullyQualifiedName("io.flinkha.agent.AgentMain")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8.kubernetes..")
                .check(AGENT);
    }

    @Test
    void commandsDoNotStartTheAgent() {
        noClasses()
                .that()
                .resideInAPackage("io.flinkha.agent.command..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.flinkha.agent.runtime..", "io.quarkus..")
                .check(AGENT);
    }

    @Test
    void flinkIsSeenFromNowhere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.flink..")
                .check(AGENT);
    }

    @Test
    void nothingDependsOnWhatPutsItTogether() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        CORE,
                        PORT,
                        "io.flinkha.agent.runtime..",
                        "io.flinkha.agent.adapter..",
                        "io.flinkha.agent.config..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.flinkha.agent")
                .check(AGENT);
    }
}
