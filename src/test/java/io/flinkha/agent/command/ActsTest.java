package io.flinkha.agent.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.flinkha.agent.adapter.kubernetes.KubernetesLeaseStore;
import io.flinkha.agent.adapter.kubernetes.KubernetesObjects;
import io.flinkha.agent.contract.Connected;
import io.flinkha.agent.core.lease.LeaseRecord;
import io.flinkha.agent.core.lease.Wishes;
import io.flinkha.agent.port.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person asks of a running application, and what a look at it says. */
class ActsTest extends CommandBench {
    private static final String SAVEPOINT = "s3://bucket/savepoint-1";

    @BeforeEach
    void applicationThatRuns() {
        writeLease("jm-1/u1");
        Job job =
                client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(NAMESPACE)
                        .resource(
                                new JobBuilder()
                                        .withNewMetadata()
                                        .withName("orders-jm")
                                        .endMetadata()
                                        .withNewSpec()
                                        .withBackoffLimit(6)
                                        .endSpec()
                                        .build())
                        .create();
        JsonObject revision =
                new JsonObject()
                        .put("controller", job.getMetadata().getUid())
                        .put("flink", "2.3.0")
                        .put("userCode", "c");
        JsonArray history =
                new JsonArray()
                        .add(leadership(6, "first start"))
                        .add(leadership(7, "the JobManager ended"));
        store(withRun(7).put("revision", revision).put("history", history).encode());
    }

    private static JsonObject leadership(int epoch, String reason) {
        return new JsonObject()
                .put("epoch", epoch)
                .put("holder", "jm-1/u1")
                .put("time", "2026-01-01T00:00:0%dZ".formatted(epoch))
                .put("reason", reason);
    }

    private Wishes wishes() {
        Result<Optional<LeaseRecord>> read =
                new KubernetesLeaseStore(Connected.as(client), NAMESPACE, ID).read();
        return read.fold(
                found -> found.orElseThrow().wishes(),
                (outcome, reason) -> {
                    throw new AssertionError(reason);
                });
    }

    /** As the Job controller does after a while. */
    private void showSuspended() {
        var jobs = client.batch().v1().jobs().inNamespace(NAMESPACE);
        Job job = jobs.withName("orders-jm").get();
        var unused =
                jobs.resource(
                                new JobBuilder(job)
                                        .withNewStatus()
                                        .addNewCondition()
                                        .withType("Suspended")
                                        .withStatus("True")
                                        .endCondition()
                                        .endStatus()
                                        .build())
                        .update();
    }

    private boolean suspended() {
        return Boolean.TRUE.equals(
                client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(NAMESPACE)
                        .withName("orders-jm")
                        .get()
                        .getSpec()
                        .getSuspend());
    }

    @Test
    void statusSaysWhoLeadsAndFromWhatItWouldGoOn() {
        Ran ran = run("status");
        assertDone(ran);
        for (String said :
                new String[] {
                    "orders in namespace prod",
                    "jm-1/u1, epoch 7",
                    "2026-01-01T00:00:07Z, the JobManager ended",
                    "paused      no",
                    "file:/c/chk-118",
                    "orders-jm, active, pods failed: 0 of 6"
                }) {
            assertTrue(ran.out().contains(said), ran.out());
        }
    }

    @Test
    void programsGetJson() {
        terminal = false;
        JsonObject status = new JsonObject(run("status").out());
        assertEquals(7, status.getJsonObject("leadership").getInteger("epoch"));
        assertEquals(118, status.getJsonArray("checkpoints").getJsonObject(0).getInteger("id"));
        assertEquals("orders-jm", status.getJsonObject("kubernetesJob").getString("name"));
        JsonObject history = new JsonObject(run("history").out());
        assertEquals(7, history.getJsonArray("leaderships").getJsonObject(0).getInteger("epoch"));
        JsonObject paused = new JsonObject(run("pause").out());
        assertTrue(paused.getJsonArray("said").getString(0).startsWith("Paused."));
        assertTrue(run("status", "-o", "text").out().startsWith("orders in namespace prod"));
    }

    @Test
    void historyIsNewestFirst() {
        Ran ran = run("history");
        assertDone(ran);
        assertTrue(ran.out().startsWith("epoch 7"), ran.out());
        assertEquals(2, ran.out().lines().count());
    }

    @Test
    void pauseAndResume() {
        assertDone(run("pause", "--reason", "a look at the heap"));
        assertTrue(wishes().paused().endsWith(", a look at the heap"), wishes().toString());
        assertTrue(run("status").out().contains("a look at the heap"));
        assertTrue(run("pause").out().startsWith("Paused already"));
        assertDone(run("resume"));
        assertEquals(Wishes.NONE, wishes());
        assertTrue(run("resume").out().startsWith("Neither paused nor parked"));
    }

    @Test
    void stepDownNamesTheEpochAndWaitsForTheNext() {
        meanwhile = () -> takeOver(8);
        Ran ran = run("step-down");
        assertDone(ran);
        assertTrue(ran.out().contains("Epoch 8 is led by jm-1/u1."), ran.out());
        assertEquals(new Wishes("", 7, "", 0), wishes());
    }

    @Test
    void inTheLeadersOwnContainerNobodyWaitsForItsEnd() {
        Ran ran =
                run(
                        Map.of("FLINK_HA_POD_NAME", "jm-1", "FLINK_HA_POD_UID", "u1"),
                        "step-down",
                        "--cluster-id",
                        ID,
                        "--namespace",
                        NAMESPACE);
        assertDone(ran);
        assertTrue(ran.out().contains("That agent's container is this one"), ran.out());
        assertEquals(new Wishes("", 7, "", 0), wishes());
    }

    @Test
    void aLeaderThatDoesNotAnswerIsSaid() {
        assertRefused(run("step-down"), "Epoch 7 has no successor", "The request stays");
    }

    @Test
    void withoutALeaderThereIsNobodyToAsk() {
        writeLease("");
        assertRefused(run("step-down"), "Nobody holds Lease orders of namespace prod");
        removeLease();
        assertRefused(run("pause"), "There is no Lease orders in namespace prod");
    }

    @Test
    void restoreShowsFirstAndThenAsksTheLeader() {
        Ran shown = run("restore", "--from", SAVEPOINT);
        assertDone(shown);
        assertTrue(shown.out().contains("file:/c/chk-118. Nothing was changed"), shown.out());
        assertEquals(Wishes.NONE, wishes());
        meanwhile =
                () -> {
                    takeOver(8);
                    client.configMaps().inNamespace(NAMESPACE).withName(MANIFEST).delete();
                    store(withRun(8).encode());
                };
        Ran ran = run("restore", "--from", SAVEPOINT, "--yes");
        assertDone(ran);
        assertTrue(ran.out().contains("Epoch 8 starts from it."), ran.out());
        assertEquals(new Wishes("", 7, SAVEPOINT, 7), wishes());
    }

    @Test
    void aCheckpointThatTheRunWillDeleteIsSaid() {
        Ran shown = run("restore", "--from", "file:/c/chk-118");
        assertDone(shown);
        assertTrue(shown.out().contains("it deletes its older ones"), shown.out());
    }

    @Test
    void aLeaderThatChangesMeanwhileIsAskedForItsOwnEpoch() {
        beforePatch = () -> takeOver(8);
        meanwhile = () -> takeOver(9);
        assertDone(run("step-down"));
        assertEquals(8, wishes().stepDown());
    }

    @Test
    void oneWishDoesNotUndoAnother() {
        beforePatch = () -> wish(new Wishes("", 7, SAVEPOINT, 7));
        assertDone(run("pause"));
        assertTrue(wishes().isPaused());
        assertEquals(SAVEPOINT, wishes().restoreFrom());
    }

    @Test
    void aJobThatHasEndedIsRestoredByANewOne() {
        JsonObject result =
                new JsonObject()
                        .put("jobId", JOB)
                        .put("status", "FINISHED")
                        .put("cause", "")
                        .put("time", "2026-01-01T00:00:00Z");
        client.configMaps().inNamespace(NAMESPACE).withName(MANIFEST).delete();
        store(withRun(7).put("result", result).encode());
        assertRefused(
                run("restore", "--from", SAVEPOINT, "--yes"),
                "has ended as FINISHED",
                "of a new Kubernetes Job");
        assertEquals(Wishes.NONE, wishes());
    }

    @Test
    void whileAutomationIsOffNothingIsEnded() {
        assertDone(run("pause"));
        Wishes paused = wishes();
        assertRefused(run("step-down"), "Call flink-ha-agent resume first");
        assertRefused(run("restore", "--from", SAVEPOINT, "--yes"), "Nothing was changed");
        assertEquals(paused, wishes());
    }

    @Test
    void restoreWithoutALeaderIsForTheNextJobManager() {
        writeLease("");
        Ran ran = run("restore", "--from", SAVEPOINT, "--yes");
        assertDone(ran);
        assertTrue(ran.out().startsWith("Nobody leads now"), ran.out());
        assertEquals(new Wishes("", 0, SAVEPOINT, 7), wishes());
    }

    @Test
    void aPathThatIsNoUriIsRefused() {
        assertRefused(run("restore", "--from", "/checkpoints/chk-7"), "--from is '/checkpoints");
        assertRefused(run("restore", "--from", "s3://a b"), "give a checkpoint or savepoint");
    }

    @Test
    void parkAndResume() {
        assertDone(run("park"));
        assertTrue(suspended());
        assertTrue(run("park").out().startsWith("Job orders-jm is parked already"));
        assertTrue(run("status").out().contains("orders-jm, parked"));
        showSuspended();
        Ran resumed = run("resume");
        assertDone(resumed);
        assertTrue(resumed.out().contains("Job orders-jm is resumed"), resumed.out());
        assertFalse(suspended());
    }

    /** The agent would take it for a signal that was lost, and suspend it again. */
    @Test
    void aJobThatIsOnlyBeingParkedIsNotResumed() {
        assertDone(run("park"));
        assertRefused(run("resume"), "is being suspended", "shows it as Suspended");
        assertTrue(suspended());
    }

    @Test
    void whatWasSaidBeforeARefusalIsForProgramsToo() {
        terminal = false;
        Ran ran = run("step-down");
        assertEquals(1, ran.code());
        assertTrue(
                new JsonObject(ran.out())
                        .getJsonArray("said")
                        .getString(0)
                        .contains("is asked to give up epoch 7"),
                ran.out());
    }

    @Test
    void aJobThatIsNotThereIsNamed() {
        assertRefused(run("park", "--job", "other"), "There is no Job other in namespace prod");
    }

    private void wish(Wishes wishes) {
        try (KubernetesObjects objects =
                new KubernetesObjects(Connected.as(server.createClient()), NAMESPACE, ID)) {
            String version =
                    objects.leases()
                            .read()
                            .fold(found -> found.orElseThrow().version(), (outcome, reason) -> "");
            var unused = objects.wish(wishes, version);
        }
    }

    private void takeOver(long epoch) {
        KubernetesLeaseStore leases = new KubernetesLeaseStore(Connected.as(client), NAMESPACE, ID);
        leases.read()
                .fold(
                        found ->
                                leases.write(
                                        new LeaseRecord(
                                                "jm-1/u1",
                                                "n2",
                                                epoch,
                                                epoch,
                                                0,
                                                60,
                                                found.orElseThrow().version())),
                        (outcome, reason) -> {
                            throw new AssertionError(reason);
                        });
    }
}
