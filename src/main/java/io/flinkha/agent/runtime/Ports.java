package io.flinkha.agent.runtime;

import io.flinkha.agent.port.JobController;
import io.flinkha.agent.port.JobManagerLock;
import io.flinkha.agent.port.LeaderAddressStore;
import io.flinkha.agent.port.LeaseStore;
import io.flinkha.agent.port.ManifestMirror;
import io.flinkha.agent.port.ManifestStore;
import io.flinkha.agent.port.PlanStore;
import io.flinkha.agent.port.Pods;
import io.flinkha.agent.port.Supervisor;
import io.flinkha.agent.port.Witness;

/** Everything outside that the loop talks to. */
public record Ports(
        LeaseStore lease,
        ManifestStore manifest,
        LeaderAddressStore leaderAddresses,
        PlanStore plans,
        ManifestMirror mirror,
        Witness witness,
        JobManagerLock lock,
        JobController job,
        Pods pods,
        Supervisor supervisor) {}
