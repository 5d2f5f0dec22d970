package io.amends.spring.boot.autoconfigure.outbox;

import java.util.Collection;
import java.util.List;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;

/** The application has several beans of type {@code DataSource}, and which one is that of Amends is open. It does not start. */
public final class SeveralDataSourcesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String DATABASE =
            "Amends writes its tables in one database, with the application's own transactions, and";

    private final String remedy;

    private SeveralDataSourcesException(String problem, String remedy, NoUniqueBeanDefinitionException cause) {
        super(problem, cause);
        this.remedy = remedy;
    }

    /** None carries the annotation, and none is primary. */
    static SeveralDataSourcesException unmarked(NoUniqueBeanDefinitionException several) {
        Collection<String> names = names(several);
        return new SeveralDataSourcesException(
                "%s %d beans of type DataSource leave open in which: %s."
                        .formatted(DATABASE, names.size(), String.join(", ", names)),
                "Annotate the one whose transactions start sagas or handle commands with @SagaDataSource, and its"
                        + " transaction manager too; or mark both as @Primary. Others stay as they are.",
                several);
    }

    /** More than one carries the annotation. */
    static SeveralDataSourcesException annotated(NoUniqueBeanDefinitionException several) {
        Collection<String> names = names(several);
        return new SeveralDataSourcesException(
                "%s %d beans of type DataSource carry @SagaDataSource: %s."
                        .formatted(DATABASE, names.size(), String.join(", ", names)),
                "Leave the annotation on the one whose transactions start sagas or handle commands.",
                several);
    }

    private static Collection<String> names(NoUniqueBeanDefinitionException several) {
        Collection<String> names = several.getBeanNamesFound();
        return names == null ? List.of() : names;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }
}
