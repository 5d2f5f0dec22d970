package io.amends.spring.boot.autoconfigure.console;

import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether sagas say whose they are. */
final class TenantAttribute {

    private static final Logger log = LoggerFactory.getLogger(TenantAttribute.class);

    private TenantAttribute() {}

    /**
     * Checks it; of definitions that do not say it, a line in the log tells.
     *
     * @param attribute the search attribute that holds a saga's tenant, null where there are no tenants
     * @throws ConsoleRefusedException if no definition here declares it, though there are some
     */
    static void check(@Nullable String attribute, SagaRegistry registry) {
        if (attribute == null) {
            return;
        }
        List<String> without = registry.all().stream()
                .filter(definition -> definition.attributes().stream()
                        .noneMatch(declared -> declared.name().equals(attribute)))
                .map(TenantAttribute::name)
                .toList();
        if (!without.isEmpty() && without.size() == registry.all().size()) {
            throw new ConsoleRefusedException(
                    "saga.console.tenant.attribute is '%s', but no saga here has a search attribute of that name, so that nobody with a tenant would see any."
                            .formatted(attribute),
                    "Annotate a method of each saga class that has tenants with @SearchAttribute(\"%s\"), or mend the name."
                            .formatted(attribute));
        }
        if (!without.isEmpty()) {
            log.warn(
                    "Sagas {} have no search attribute '{}' (saga.console.tenant.attribute): in the console only those see them who see all tenants",
                    without,
                    attribute);
        }
    }

    private static String name(SagaDefinition definition) {
        return "%s v%d".formatted(definition.name(), definition.version());
    }
}
