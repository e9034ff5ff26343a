package io.flinkha.lab.api;

import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import org.jspecify.annotations.Nullable;

/** fabric8's CRUD server, counted where the requests come in. */
final class CountingDispatcher extends KubernetesCrudDispatcher {
    private final RequestCounts counts;

    CountingDispatcher(RequestCounts counts) {
        this.counts = counts;
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        @Nullable String agent = request.getHeader("User-Agent");
        counts.add(
                ApiRequest.of(request.getMethod(), request.getPath()), agent == null ? "" : agent);
        return super.dispatch(request);
    }
}
