package io.flinkha.lab.cluster;

/** What only somebody outside of the cluster can do. All calls return when it is done. */
public interface Faults {
    /** Ends a container's process as the kernel would, without a signal it could catch. */
    long kill(String containerId);

    /** Whether any process of the container is there, whatever its node says. */
    boolean lives(String containerId);

    /** Stops a part of the cluster: the API server, a kubelet, a node with all that runs on it. */
    void stop(String component);

    void start(String component);

    /** Takes a node's network away; what runs on it runs on. */
    void cut(String node);

    void heal(String node);
}
