package io.amends.outbox.schema;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * The scripts that modules name, and nothing else: Flyway would look through the folders itself, which a native image does
 * not have. Immutable.
 */
final class NamedScripts implements ResourceProvider {

    private final Map<String, LoadableResource> byName = new LinkedHashMap<>();

    NamedScripts(List<SagaSchema.Scripts> modules) {
        for (SagaSchema.Scripts module : modules) {
            module.files().forEach(file -> byName.put(file, new Script(module.folder(), file)));
        }
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return byName.get(name.substring(name.lastIndexOf('/') + 1));
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return byName.entrySet().stream()
                .filter(script -> script.getKey().startsWith(prefix)
                        && Stream.of(suffixes).anyMatch(script.getKey()::endsWith))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static final class Script extends LoadableResource {

        private final String path;
        private final String file;

        Script(String folder, String file) {
            this.path = folder + "/" + file;
            this.file = file;
        }

        @Override
        public Reader read() {
            InputStream in = NamedScripts.class.getClassLoader().getResourceAsStream(path);
            if (in == null) {
                throw new IllegalStateException("The class path has no " + path + ".");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        }

        @Override
        public String getAbsolutePath() {
            return path;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return path;
        }

        @Override
        public String getFilename() {
            return file;
        }

        /** As Flyway tells it of what it finds in a folder; it is in the history. */
        @Override
        public String getRelativePath() {
            return file;
        }
    }
}
