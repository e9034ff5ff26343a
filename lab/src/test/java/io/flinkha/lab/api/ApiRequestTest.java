package io.flinkha.lab.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiRequestTest {
    @ParameterizedTest
    @CsvSource({
        "GET,/api/v1/namespaces/default/configmaps/x-flink-ha,get,configmaps,x-flink-ha",
        "PUT,/api/v1/namespaces/default/configmaps/x-flink-ha,put,configmaps,x-flink-ha",
        "GET,/apis/coordination.k8s.io/v1/namespaces/default/leases/x,get,leases,x",
        "POST,/apis/coordination.k8s.io/v1/namespaces/default/leases,post,leases,''",
        "GET,/api/v1/namespaces/default/configmaps,list,configmaps,''",
        "GET,/api/v1/namespaces/x/pods?fieldSelector=metadata.name%3Da&watch=1,watch,pods,a",
        "GET,/api/v1/nodes/n1,get,nodes,n1",
    })
    void namesWhatARequestIsAbout(
            String method, String path, String verb, String resource, String name) {
        assertEquals(new ApiRequest(verb, resource, name), ApiRequest.of(method, path));
    }

    @ParameterizedTest
    @CsvSource({"put,true", "post,true", "patch,true", "delete,true", "get,false", "watch,false"})
    void tellsWritesFromReads(String verb, boolean writes) {
        if (writes) {
            assertTrue(new ApiRequest(verb, "leases", "x").writes());
        } else {
            assertFalse(new ApiRequest(verb, "leases", "x").writes());
        }
    }
}
