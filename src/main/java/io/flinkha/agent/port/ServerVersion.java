package io.flinkha.agent.port;

/** Which Kubernetes the API server is of. */
public interface ServerVersion {
    /** As far as features come with it. */
    record Release(int major, int minor) {
        public boolean isAtLeast(Release other) {
            return major == other.major ? minor >= other.minor : major > other.major;
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    Result<Release> read();
}
