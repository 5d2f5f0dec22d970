package io.amends.benchmarks.process;

import io.amends.benchmarks.measure.JdbcCounts;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * How the application of a role is started, as often as there is need.
 *
 * @param application the class with the annotations of Spring Boot
 * @param name the role's name
 * @param properties settings, each as {@code name=value}
 * @param counts where its statements are counted
 */
public record RoleContext(Class<?> application, String name, List<String> properties, JdbcCounts counts) {

    /** Starts it with further settings, which win. */
    public ConfigurableApplicationContext open(List<String> further) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .initializers(context -> context.getBeanFactory().registerSingleton("jdbcCounts", counts))
                .properties("spring.application.name=" + name, "bank.name=" + name)
                .properties(properties.toArray(String[]::new))
                .properties(further.toArray(String[]::new))
                .run();
    }
}
