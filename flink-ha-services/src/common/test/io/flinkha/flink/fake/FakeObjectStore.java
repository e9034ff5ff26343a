package io.flinkha.flink.fake;

import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.core.plugin.PluginManager;

/**
 * Local files under {@code objects:}, by a client like that of flink-s3-fs-native: what the SDK
 * throws comes through unchecked, and a directory is only ever deleted with all that is in it.
 */
public final class FakeObjectStore extends LocalFileSystem
        implements FileSystemFactory, AutoCloseable {
    public boolean answers = true;

    public static FakeObjectStore install() {
        FakeObjectStore store = new FakeObjectStore();
        FileSystem.initialize(
                new Configuration(),
                new PluginManager() {
                    @Override
                    public <P> Iterator<P> load(Class<P> service) {
                        return service == FileSystemFactory.class
                                ? List.of(service.cast(store)).iterator()
                                : Collections.emptyIterator();
                    }
                });
        return store;
    }

    @Override
    public void close() {
        FileSystem.initialize(new Configuration(), null);
    }

    @Override
    public String getScheme() {
        return "objects";
    }

    @Override
    public FileSystem create(URI uri) {
        return this;
    }

    private void request() {
        if (!answers) {
            throw new IllegalStateException("Unable to execute HTTP request");
        }
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        request();
        return super.getFileStatus(path);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        request();
        return super.exists(path);
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        request();
        return super.open(path);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        if (!recursive && getFileStatus(path).isDir()) {
            throw new IOException("Directory not empty and recursive = false");
        }
        return super.delete(path, recursive);
    }
}
