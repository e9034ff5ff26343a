package io.flinkha.flink.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointConfigHeaders;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatisticsHeaders;
import org.apache.flink.runtime.rest.messages.job.JobStatusInfoHeaders;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/**
 * What a job is asked for: Flink's own messages, with answers that are read as they come.
 *
 * <p>Flink's own types of answers name a class in each checkpoint and an enum in most fields: one
 * that a release adds or renames would make the whole answer unreadable, and an end that cannot be
 * read keeps the next revision from starting.
 */
public enum JobQuery
        implements RuntimeMessageHeaders<EmptyRequestBody, JsonAnswer, JobMessageParameters> {
    /** Its checkpoints and savepoints, youngest first. */
    CHECKPOINTS(CheckpointingStatisticsHeaders.getInstance()),

    /** What was set for its checkpoints, by whomever. */
    CHECKPOINT_SETTINGS(CheckpointConfigHeaders.getInstance()),

    /**
     * Its status, which nothing caches: the Dispatcher's main thread looks the job up and, once it
     * is initialised, its JobMaster's main thread tells it.
     */
    STATUS(JobStatusInfoHeaders.getInstance());

    private final String path;

    JobQuery(MessageHeaders<EmptyRequestBody, ?, JobMessageParameters> flinks) {
        this.path = flinks.getTargetRestEndpointURL();
    }

    @Override
    public String getTargetRestEndpointURL() {
        return path;
    }

    @Override
    public HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.GET;
    }

    @Override
    public Class<EmptyRequestBody> getRequestClass() {
        return EmptyRequestBody.class;
    }

    @Override
    public Class<JsonAnswer> getResponseClass() {
        return JsonAnswer.class;
    }

    @Override
    public HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.OK;
    }

    @Override
    public JobMessageParameters getUnresolvedMessageParameters() {
        return new JobMessageParameters();
    }

    @Override
    public String getDescription() {
        return getHttpMethod() + " " + path;
    }
}
