package io.amends.spring.boot.autoconfigure.diagnostics;

import java.util.Collection;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says how Amends is told which one of several databases is its own. */
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class SeveralDataSourcesFailureAnalyzer
        extends AbstractInjectionFailureAnalyzer<NoUniqueBeanDefinitionException> {

    private static final String OURS = "io.amends.";

    @Override
    protected @Nullable FailureAnalysis analyze(
            Throwable failure, NoUniqueBeanDefinitionException several, @Nullable String description) {
        Collection<String> names = several.getBeanNamesFound();
        if (several.getBeanType() != DataSource.class
                || names == null
                || description == null
                || !description.contains(OURS)) {
            return null;
        }
        return new FailureAnalysis(
                "Amends writes its tables in one database, with the application's own transactions, and %d beans of type DataSource leave open in which: %s."
                        .formatted(names.size(), String.join(", ", names)),
                "Mark the one whose transactions start sagas or handle commands as @Primary, with its transaction"
                        + " manager. Others stay as they are; inject them by name.",
                failure);
    }
}
