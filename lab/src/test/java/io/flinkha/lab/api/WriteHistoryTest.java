package io.flinkha.lab.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.lab.base.Json;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WriteHistoryTest {
    private static final ApiRequest LEASE = new ApiRequest("put", "leases", "x");
    private static final ApiRequest MANIFEST = new ApiRequest("put", "configmaps", "x-flink-ha");

    private final WriteHistory history = new WriteHistory("x");

    @Test
    void tellsTheWritesToTheLeaseApart() {
        assertEquals(
                Set.of(AgentWrite.EMPTY_LEASE),
                history.kinds(
                        new ApiRequest("post", "leases", ""), "{\"metadata\":{\"name\":\"x\"}}"));
        assertEquals(Set.of(AgentWrite.LEASE_ACQUIRE), lease("2", "1", "0"));
        assertEquals(Set.of(AgentWrite.LEASE_CONFIRM), lease("2", "2", "0"));
        assertEquals(Set.of(), lease("2", "2", "0"), "a renewal");
        assertEquals(Set.of(AgentWrite.RELEASE), lease("2", "2", "2"));
    }

    @Test
    void tellsTheCommitsApartByWhatIsNewInThem() {
        String run = "'epoch':1,'run':{'jobId':'a'}";
        String plan = run + ",'plan':{'sha256':'b'}";
        ApiRequest create = new ApiRequest("post", "configmaps", "x-flink-ha");
        assertEquals(Set.of(AgentWrite.EMPTY_MANIFEST), passing(create, body("'epoch':0")));
        assertEquals(Set.of(AgentWrite.MANIFEST_CLAIM), manifest("'epoch':1"));
        assertEquals(Set.of(AgentWrite.START), manifest(run));
        assertEquals(Set.of(AgentWrite.PLAN), manifest(plan));
        assertEquals(Set.of(AgentWrite.IDS), manifest(plan + ",'reservedTo':65"));
        String checkpoint = plan + ",'reservedTo':65,'checkpoints':[{'id':1}]";
        assertEquals(Set.of(AgentWrite.CHECKPOINT), manifest(checkpoint));
        assertEquals(Set.of(), manifest(checkpoint), "the same again");
        assertEquals(Set.of(AgentWrite.RESULT), manifest(checkpoint + ",'result':{'jobId':'a'}"));
        assertEquals(
                Set.of(AgentWrite.PLAN_DROP),
                manifest(run + ",'reservedTo':65,'result':{'jobId':'a'}"));
    }

    @Test
    void knowsTheLeaderAddresses() {
        assertEquals(
                Set.of(AgentWrite.LEADER_ADDRESSES),
                history.kinds(
                        new ApiRequest("put", "configmaps", "x-cluster-config-map"),
                        "{\"metadata\":{\"name\":\"x-cluster-config-map\"}}"));
    }

    @Test
    void knowsWhatAJobIsTold() {
        ApiRequest patch =
                ApiRequest.of("PATCH", "/apis/batch/v1/namespaces/default/jobs/x?fieldManager=y");
        assertEquals(Set.of(AgentWrite.JOB_SIGNAL), passing(patch, "{\"spec\":{}}"));
    }

    /** What the write is; then it passes. */
    private Set<AgentWrite> lease(String epoch, String claimed, String released) {
        String body =
                Json.write(
                        Map.of(
                                "metadata",
                                Map.of(
                                        "name",
                                        "x",
                                        "annotations",
                                        Map.of(
                                                "flinkha.io/epoch", epoch,
                                                "flinkha.io/claimed", claimed,
                                                "flinkha.io/released", released))));
        return passing(LEASE, body);
    }

    private Set<AgentWrite> manifest(String fields) {
        return passing(MANIFEST, body(fields));
    }

    private static String body(String fields) {
        String text = "{" + fields.replace('\'', '"') + "}";
        return Json.write(
                Map.of(
                        "metadata",
                        Map.of("name", "x-flink-ha"),
                        "data",
                        Map.of("manifest.json", text)));
    }

    private Set<AgentWrite> passing(ApiRequest asked, String body) {
        Set<AgentWrite> kinds = history.kinds(asked, body);
        history.passed(asked, body);
        return kinds;
    }
}
