package io.flinkha.lab.cluster;

import java.util.OptionalLong;

/** What only somebody outside of the cluster can do. All calls return when it is done. */
public interface Faults {
    /** Ends a container's process as the kernel would, without a signal it could catch. */
    long kill(String containerId);

    /**
     * Whether it is there, whatever its node says.
     *
     * @param process a container's id, for any process in it; or that, {@code #} and a process's
     */
    boolean lives(String process);

    /** The Java that runs in a container beside its supervisor. */
    OptionalLong java(String containerId);

    /** Which start of its supervisor a container is at; 0 if it has none. */
    int start(String containerId, String runDirectory);

    /** SIGKILL, SIGSTOP and their like, to one process of a container. */
    long signal(long pid, String signal);

    /** Stops a part of the cluster: the API server, a kubelet, a node with all that runs on it. */
    void stop(String component);

    void start(String component);

    /** Copies what etcd has; etcd and API server must be stopped. */
    void backUpEtcd();

    /** Puts the copy back in its place; etcd and API server must be stopped. */
    void restoreEtcd();

    /** Takes a node's network away; what runs on it runs on. */
    void cut(String node);

    void heal(String node);
}
