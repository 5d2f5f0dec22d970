package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;

class OneDatabaseTest {

    @Test
    void beans_of_the_starters_are_given_the_database_of_amends_and_not_one_of_the_application() {
        List<String> choosing = ModuleArrowsTest.CODE.stream()
                .filter(type -> type.getPackageName().startsWith("io.amends.spring.boot."))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Bean.class) && takesOneOfTheApplication(method))
                .map(method -> method.getOwner().getSimpleName() + "." + method.getName())
                .toList();

        assertThat(choosing)
                .as("who chooses; others take a SagaDatabase")
                .containsExactly("SagaDatabaseConfiguration.sagaDatabase");
    }

    private static boolean takesOneOfTheApplication(JavaMethod method) {
        return method.getParameterTypes().stream()
                .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                .anyMatch(OneDatabaseTest::isDatabase);
    }

    private static boolean isDatabase(JavaClass type) {
        return type.isAssignableTo(DataSource.class) || type.isAssignableTo(PlatformTransactionManager.class);
    }
}
