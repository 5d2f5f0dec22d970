package io.amends.benchmarks.outbox.contender;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** How the application of a library for Spring Boot is started. */
final class PeerContext {

    /** As many as the threads that a library gets to send with. */
    static final int SENDERS = 16;

    private PeerContext() {}

    /** With those settings, each as {@code name=value}; a pool has enough connections for writers and senders. */
    static ConfigurableApplicationContext open(Class<?> application, Place place, List<String> settings) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .properties(Stream.concat(
                                Stream.of(
                                        "spring.datasource.url=" + place.jdbcUrl(),
                                        "spring.datasource.username=" + place.user(),
                                        "spring.datasource.password=" + place.password(),
                                        "spring.datasource.hikari.maximum-pool-size=" + (Sql.CONNECTIONS + 2 * SENDERS),
                                        "spring.kafka.bootstrap-servers=" + place.bootstrapServers(),
                                        // They wait for each record, so that waiting for more would only delay it.
                                        "spring.kafka.producer.properties.linger.ms=0",
                                        "spring.kafka.producer.acks=all",
                                        "benchmark.topic=" + place.topic()),
                                settings.stream())
                        .toArray(String[]::new))
                .run();
    }
}
