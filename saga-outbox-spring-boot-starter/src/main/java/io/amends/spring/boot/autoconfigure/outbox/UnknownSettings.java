package io.amends.spring.boot.autoconfigure.outbox;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/** Warns of settings {@code saga.*} that no module here has, since a misspelt one would be left out without a word. */
final class UnknownSettings extends StartupTask {

    private static final int MOST = 10;
    private static final Logger log = LoggerFactory.getLogger("io.amends");

    private final ConfigurableEnvironment environment;
    private final ClassLoader loader;

    UnknownSettings(ConfigurableEnvironment environment, ClassLoader loader) {
        super(StartupPhases.SUMMARY);
        this.environment = environment;
        this.loader = loader;
    }

    @Override
    protected void run() {
        try {
            lines().forEach(log::warn);
        } catch (IOException unreadable) {
            log.debug("What settings there are can't be read", unreadable);
        }
    }

    /** What is warned of, a line each. Variables of the system are written otherwise and not looked at. */
    List<String> lines() throws IOException {
        KnownSettings known = KnownSettings.of(loader);
        List<String> lines = new ArrayList<>();
        environment.getPropertySources().stream()
                .flatMap(source -> source instanceof EnumerablePropertySource<?> named
                        ? Stream.of(named.getPropertyNames())
                        : Stream.empty())
                .filter(name -> name.startsWith("saga.") && known.lacks(name))
                .distinct()
                .sorted()
                .limit(MOST)
                .forEach(name -> lines.add("%s is set, but no module of Amends here has such a setting%s"
                        .formatted(
                                name,
                                known.nearest(name)
                                        .map(meant -> ". Did you mean %s?".formatted(meant))
                                        .orElse(""))));
        return lines;
    }
}
