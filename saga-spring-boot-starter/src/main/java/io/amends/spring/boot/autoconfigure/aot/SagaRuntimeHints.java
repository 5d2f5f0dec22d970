package io.amends.spring.boot.autoconfigure.aot;

import io.amends.saga.SubSagaCompensated;
import io.amends.saga.SubSagaCompleted;
import io.amends.saga.SubSagaRefused;
import io.amends.saga.SubSagaUndone;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

/** Scripts of tables, pages of the console, and the types that the framework itself writes and reads. */
final class SagaRuntimeHints implements RuntimeHintsRegistrar {

    private static final String DASHBOARD = "io.amends.dashboard";

    private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        hints.resources().registerPattern("io/amends/runtime/schema/*.sql");
        hints.resources()
                .registerPatternIfPresent(
                        loader,
                        "io/amends/twopc/schema/V3_001__decisions.sql",
                        pattern -> pattern.includes("io/amends/twopc/schema/*.sql", "io/amends/twopc/endpoint/*.sql"));
        hints.resources()
                .registerPatternIfPresent(
                        loader,
                        "io/amends/dashboard/pages/index.html",
                        pattern -> pattern.includes(
                                "io/amends/dashboard/schema/*.sql",
                                "io/amends/dashboard/pages/**",
                                "io/amends/dashboard/language/*.json",
                                "io/amends/dashboard/rest/openapi.json"));
        binding.registerReflectionHints(
                hints.reflection(),
                SubSagaCompleted.class,
                SubSagaCompensated.class,
                SubSagaRefused.class,
                SubSagaUndone.class);
        registerRecordsOfTheConsole(hints, loader);
    }

    /** The console writes and reads its records as JSON; there are many, and looking for them is done while building. */
    private void registerRecordsOfTheConsole(RuntimeHints hints, @Nullable ClassLoader loader) {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.setResourceLoader(new DefaultResourceLoader(loader));
        scanner.addIncludeFilter(new AssignableTypeFilter(Record.class));
        for (BeanDefinition found : scanner.findCandidateComponents(DASHBOARD)) {
            String name = found.getBeanClassName();
            if (name != null) {
                binding.registerReflectionHints(hints.reflection(), ClassUtils.resolveClassName(name, loader));
            }
        }
    }
}
