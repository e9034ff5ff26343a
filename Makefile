# The one front door; `make help` lists what it opens.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# JDK 21 or newer: JAVA_HOME if it is one, else the newest of the usual places, else whatever `java` is.
JAVA_HOME := $(shell best=; bestv=0; \
  for home in "$${JAVA_HOME:-}" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$$HOME"/.sdkman/candidates/java/* \
      "$$(dirname "$$(dirname "$$(readlink -f "$$(command -v javac)" 2>/dev/null)")" 2>/dev/null)"; do \
    [ -x "$$home/bin/javac" ] || continue; \
    v=$$("$$home/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'); \
    if [ "$${v:-0}" -ge 21 ] && [ "$$home" = "$${JAVA_HOME:-}" ]; then best=$$home; break; fi; \
    if [ "$${v:-0}" -ge 21 ] && [ "$$v" -gt "$$bestv" ]; then best=$$home; bestv=$$v; fi; \
  done; echo "$$best")
export JAVA_HOME

# Maven's own libraries use what JDK 24 and newer warn about; older JDKs do not know the switch.
JAVA_VERSION := $(shell [ -n "$(JAVA_HOME)" ] && "$(JAVA_HOME)/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p' || echo 0)
export MAVEN_OPTS := $(MAVEN_OPTS) $(if $(filter 24 25 26 27 28,$(JAVA_VERSION)),--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED)

MVN := mvn -f build-parent/pom.xml
LAB := "$(JAVA_HOME)/bin/java" -jar lab/target/flink-ha-lab.jar
# What an experiment is told; each takes what is meant for it.
GIVEN = $(if $(ONLY),--only "$(ONLY)") $(if $(SEED),--seed "$(SEED)") $(if $(STORAGE),--storage "$(STORAGE)") \
  $(if $(JAR),--jar "$(JAR)") $(if $(MAIN),--main "$(MAIN)") $(if $(ARGS),--args "$(ARGS)") \
  $(if $(AGENT),--agent "$(AGENT)") $(if $(MINUTES),--minutes "$(MINUTES)") $(if $(CUTS),--cuts "$(CUTS)")

# Flink up to 2.2 runs on no newer Java than 21.
FLINK_LINES_JAVA = $(or $(FLINK_JAVA_HOME),$(shell \
  for home in /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$$HOME"/.sdkman/candidates/java/*; do \
    grep -qsE '^JAVA_VERSION="(17|21)[.".]' "$$home/release" && echo "$$home" && break; done))
FLINK_LINES_ENV = FLINK_JAVA_HOME="$(or $(FLINK_LINES_JAVA),$(error No JDK 17 or 21 was found for Flink up to 2.2: install one, or set FLINK_JAVA_HOME))"

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

.PHONY: jdk
jdk:
	@[ -n "$(JAVA_HOME)" ] || { echo "No JDK 21 or newer was found: install one, or set JAVA_HOME."; exit 1; }

.PHONY: java-home
java-home: jdk
	@echo "$(JAVA_HOME)"

.PHONY: build
build: jdk ## Compile and package everything, without tests
	$(MVN) -q package -DskipTests

.PHONY: test
test: jdk ## Everything that needs no root and no cluster, real Flink processes included; uses KUBECONFIG's API server too if it is set
	@if [ -n "$${KUBECONFIG:-}" ]; then echo "The contract suites run on the fakes, on fabric8's CRUD mock and on the API server of KUBECONFIG, which gets deploy/ too."; \
	 else echo "The contract suites run on the fakes and on fabric8's CRUD mock (set KUBECONFIG to run them on a real API server too)."; fi
	@started=$$SECONDS; $(MVN) verify && .ci/count-tests $$((SECONDS - started))

EXPERIMENTS := demo compare examples agent-outage standoff api-outage failsafe alerts commands api-fuzz scrape-cost plan-damage \
  storage-faults storage footprint agent-weight kill-points latest-state flink-lines e2e restarts standby injector-load injection

demo: ## One job through four kills, with proof: timeline and table; JAR=… MAIN=… ARGS="…" for a job of your own, STORAGE=s3 with all state in an object store
lab: ## The laboratory: lists its experiments; EXPERIMENT=… runs one, and so does its name alone; AGENT=native with the agent of `make native` (on a cluster by default)

.PHONY: lab $(EXPERIMENTS)
$(EXPERIMENTS): EXPERIMENT = $@
lab $(EXPERIMENTS): build
	$(if $(filter flink-lines,$(EXPERIMENT)),$(FLINK_LINES_ENV)) $(LAB) $(EXPERIMENT) $(if $(EXPERIMENT),$(GIVEN))

SIMULATION := "$(JAVA_HOME)/bin/java" -cp target/test-classes:target/classes

.PHONY: simulate
simulate: jdk ## Worlds of faults on the shipped decision core: RUNS=… (PROFILE=…, BASE=…); SEED=n tells one, SCHEDULE=file replays one
	mvn -q test-compile
	$(SIMULATION) -Druns=$(or $(RUNS),1000) -Dprofile=$(PROFILE) -Dbase=$(BASE) -Dseed=$(SEED) -Dschedule=$(SCHEDULE) io.flinkha.agent.simulation.Simulate

.PHONY: simulate-mutants
simulate-mutants: jdk ## Each rule switched off alone: worlds until it is missed, and what broke (BASE=…, ONLY=…)
	mvn -q test-compile
	$(SIMULATION) -Dbase=$(BASE) -Donly="$(ONLY)" io.flinkha.agent.simulation.SimulateMutants

.PHONY: mutation
mutation: jdk ## Mutation tests of the core: fails below 91 % killed (about 5 minutes)
	mvn -Pmutation test-compile org.pitest:pitest-maven:mutationCoverage

# The house in figures: rooms, arrows between them, words that should be gone, what stands twice in the laboratory
.PHONY: house
house: build
	mvn -q test-compile
	"$(JAVA_HOME)/bin/java" -cp target/test-classes:target/classes io.flinkha.agent.architecture.House

# A FLINK_HOME of the newest patch release of LINE=1.20, 2.0, 2.1, 2.2 or 2.3 in target/flink; needs pip
.PHONY: flink-dist
flink-dist:
	lab/flink-dist "$(LINE)"

.PHONY: format
format: jdk ## Format all Java sources
	$(MVN) -q spotless:apply

# Write what is made of the code: the tables of settings in docs/CONFIGURATION.md
.PHONY: generate
generate: jdk
	$(MVN) -q test -pl :flink-ha-agent,:flink-ha-services-2.3 -am -Dtest='ConfigurationDocumentTest,OptionsDocumentTest' -Dsurefire.failIfNoSpecifiedTests=false -Dgenerate=true

# What is built in a container is for Linux, whatever this machine is: OpenDAL's library beside it has to be, too.
LINUX_CLASSIFIER = linux-$(if $(filter arm64 aarch64,$(shell uname -m)),aarch_64,x86_64)
NATIVE_IN_CONTAINER = -Dquarkus.native.container-build=true -Dopendal.classifier=$(LINUX_CLASSIFIER) \
  $(if $(NATIVE_BUILDER),-Dquarkus.native.builder-image="$(NATIVE_BUILDER)")

.PHONY: native
native: jdk ## The agent as a native image, in a container (NATIVE_BUILDER=image) unless GRAALVM_HOME is set
	mvn package -Dnative -DskipTests $(if $(GRAALVM_HOME),-Dquarkus.native.container-build=false,$(NATIVE_IN_CONTAINER))

# The black-box tests on the native image of `make native`
.PHONY: native-test
native-test: jdk
	mvn -q test-compile failsafe:integration-test failsafe:verify -Dagent=native

.PHONY: clean
clean: jdk ## Remove everything that was built
	$(MVN) -q clean
