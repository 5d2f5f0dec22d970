package io.amends.benchmarks.twopc.process;

import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** How the application of a role is started. */
public final class RoleContext {

    private RoleContext() {}

    /**
     * Starts it.
     *
     * @param application the class with the annotations of Spring Boot
     * @param name the role's name
     * @param properties settings, each as {@code name=value}
     */
    public static ConfigurableApplicationContext open(Class<?> application, String name, List<String> properties) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .properties("spring.application.name=" + name, "bank.name=" + name)
                .properties(properties.toArray(String[]::new))
                .run();
    }
}
