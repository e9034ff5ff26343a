package io.flinkha.agent.contract;

import static io.flinkha.agent.contract.LeaseStoreContractTest.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flinkha.agent.core.lease.StockHa;
import io.flinkha.agent.port.LeaderAddressStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaderAddressStoreContractTest {
    private static final UUID S1 = new UUID(1, 1);
    private static final UUID S2 = new UUID(2, 2);

    static List<Backend> backends() {
        return Backend.all();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void nothingPublishedIsEpochZero(Backend backend) {
        assertEquals(0, ok(backend.leaderAddresses().witness()).epoch());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void entriesAreInFlinksFormat(Backend backend) {
        assertEquals(
                7,
                ok(
                        backend.leaderAddresses()
                                .publish(7, S1, Map.of("restserver", "http://h:1"), null)));
        assertEquals(Map.of("restserver", S1 + ",http://h:1"), backend.published());
        assertEquals(7, ok(backend.leaderAddresses().witness()).epoch());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aHigherEpochFencesTheWriter(Backend backend) {
        var late = backend.leaderAddresses();
        ok(late.publish(7, S1, Map.of("dispatcher", "old"), null));
        ok(backend.leaderAddresses().publish(8, S2, Map.of("dispatcher", "new"), null));
        var unusedConflict = late.publish(7, S1, Map.of("dispatcher", "late"), null);
        assertEquals(
                8,
                ok(late.publish(7, S1, Map.of("dispatcher", "late"), null)),
                unusedConflict::toString);
        assertEquals(Map.of("dispatcher", S2 + ",new"), backend.published());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aNewEpochDropsJobsButTheOneThatItResumes(Backend backend) {
        ok(
                backend.leaderAddresses()
                        .publish(
                                7,
                                S1,
                                Map.of("job-a", "at-a", "job-b", "at-b", "dispatcher", "d"),
                                null));
        ok(backend.leaderAddresses().publish(8, S2, Map.of("dispatcher", "d"), "job-a"));
        assertEquals(Map.of("dispatcher", S2 + ",d", "job-a", S1 + ",at-a"), backend.published());
    }

    @ParameterizedTest
    @MethodSource("backends")
    void traceOfStockHaIsSeenUntilTheFirstPublish(Backend backend) {
        assertEquals(StockHa.NONE, ok(backend.leaderAddresses().witness()).stock());
        backend.leadByStock("{\"holderIdentity\":\"a\"}");
        assertEquals(
                new LeaderAddressStore.Witness(0, new StockHa("{\"holderIdentity\":\"a\"}", true)),
                ok(backend.leaderAddresses().witness()));
        ok(backend.leaderAddresses().publish(1, S1, Map.of("dispatcher", "d"), null));
        assertEquals(
                new LeaderAddressStore.Witness(1, StockHa.NONE),
                ok(backend.leaderAddresses().witness()));
    }
}
