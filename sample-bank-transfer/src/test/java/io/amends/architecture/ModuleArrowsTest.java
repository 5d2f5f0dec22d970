package io.amends.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which module may know which; {@link BannedCallsTest} says what library code never calls. It stands in the sample, since only the sample sees all
 * modules. The packages named {@code offender} break each rule on purpose, so that a rule that notices nothing is noticed.
 */
class ModuleArrowsTest {

    private static final String SAMPLE = "io.amends.sample..";
    private static final String[] EMBEDDED = {
        "io.amends.test.container..",
        "io.amends.test.directory..",
        "io.amends.test.kafka..",
        "io.amends.test.postgres.."
    };

    private static final String DASHBOARD = "io.amends.dashboard..";
    private static final String OUTBOX_STARTER = "io.amends.spring.boot.autoconfigure";
    private static final String SPRING_TEST = "io.amends.spring.boot.test..";

    /** Read once for all tests of this package; reading takes long. */
    static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.amends");

    private static final JavaClasses OFFENDERS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages(
                    "io.amends.saga.offender",
                    "io.amends.saga.engine.offender",
                    "io.amends.outbox.offender",
                    "io.amends.runtime.offender",
                    "io.amends.twopc.offender",
                    "io.amends.dashboard.stuck.offender",
                    "io.amends.spring.offender",
                    "io.amends.spring.boot.autoconfigure.outbox.offender",
                    "io.amends.test.offender",
                    "io.amends.test.postgres.offender");

    static Stream<Named<ArchRule>> rules() {
        return Stream.of(
                named(
                        "saga-core depends on the JDK and JSpecify alone",
                        classes()
                                .that()
                                .resideInAPackage("io.amends.saga..")
                                .should()
                                .onlyDependOnClassesThat()
                                .resideInAnyPackage("io.amends.saga..", "java..", "org.jspecify..")),
                named(
                        "the engine knows neither clock nor chance nor anything outside of it",
                        noClasses()
                                .that()
                                .resideInAPackage("io.amends.saga.engine..")
                                .should()
                                .dependOnClassesThat(resideInAnyPackage(
                                                "java.io..",
                                                "java.net..",
                                                "java.nio..",
                                                "java.sql..",
                                                "java.util.concurrent..",
                                                "java.util.random..")
                                        .or(assignableTo(InstantSource.class))
                                        .or(assignableTo(Random.class)))
                                .orShould()
                                .callMethod(Instant.class, "now")
                                .orShould()
                                .callMethod(UUID.class, "randomUUID")
                                .orShould()
                                .callMethod(Math.class, "random")),
                named(
                        "saga-outbox knows nothing of sagas",
                        noClasses()
                                .that()
                                .resideInAPackage("io.amends.outbox..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "io.amends.saga..",
                                        "io.amends.runtime..",
                                        "io.amends.spring..",
                                        "io.amends.twopc..")),
                named(
                        "saga-twopc knows neither sagas nor the outbox nor Spring Boot",
                        noClasses()
                                .that()
                                .resideInAPackage("io.amends.twopc..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "io.amends.saga..",
                                        "io.amends.outbox..",
                                        "io.amends.runtime..",
                                        "io.amends.spring..",
                                        "org.springframework.boot..")),
                named(
                        "saga-runtime knows neither the starter nor Spring Boot nor two-phase commit",
                        noClasses()
                                .that()
                                .resideInAPackage("io.amends.runtime..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "io.amends.spring..", "org.springframework.boot..", "io.amends.twopc..")),
                named(
                        "saga-dashboard knows neither the starter nor Spring Boot",
                        noClasses()
                                .that()
                                .resideInAPackage(DASHBOARD)
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("io.amends.spring..", "org.springframework.boot..")),
                named(
                        "nobody but its parts of the starter depends on saga-dashboard",
                        noClasses()
                                .that()
                                .resideOutsideOfPackages(
                                        DASHBOARD,
                                        OUTBOX_STARTER + ".console..",
                                        OUTBOX_STARTER + ".observability..",
                                        SAMPLE)
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(DASHBOARD)),
                named(
                        "what operators see and order knows nothing of the web",
                        noClasses()
                                .that()
                                .resideInAnyPackage(Stream.of(
                                                "access",
                                                "audit",
                                                "bulk",
                                                "database",
                                                "failures",
                                                "instance",
                                                "messages",
                                                "search",
                                                "stuck",
                                                "verbs",
                                                "versions")
                                        .map(part -> "io.amends.dashboard." + part + "..")
                                        .toArray(String[]::new))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "org.springframework.web..",
                                        "org.springframework.security..",
                                        "jakarta.servlet..")),
                named(
                        "the outbox's starter knows nothing of sagas",
                        noClasses()
                                .that()
                                .resideInAnyPackage(
                                        OUTBOX_STARTER,
                                        OUTBOX_STARTER + ".diagnostics..",
                                        OUTBOX_STARTER + ".inbox..",
                                        OUTBOX_STARTER + ".kafka..",
                                        OUTBOX_STARTER + ".outbox..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("io.amends.saga..", "io.amends.runtime..")),
                named(
                        "nobody depends on the sample",
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(SAMPLE)
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(SAMPLE)),
                named(
                        "the embedded servers know nothing of Amends",
                        noClasses()
                                .that()
                                .resideInAnyPackage(EMBEDDED)
                                .should()
                                .dependOnClassesThat(
                                        resideInAPackage("io.amends..").and(not(resideInAnyPackage(EMBEDDED))))),
                named(
                        "saga-test knows neither the starter nor Spring Boot",
                        noClasses()
                                .that()
                                .resideInAPackage("io.amends.test..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("io.amends.spring..", "org.springframework.boot..")),
                named("library code does not depend on test servers", librariesNeverUse("io.amends.test..")),
                named(
                        "nobody but its own tests depends on saga-spring-boot-test",
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(SPRING_TEST)
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(SPRING_TEST)),
                named("every package is @NullMarked", classes().should(LIVE_IN_A_NULL_MARKED_PACKAGE)),
                named(
                        "library code logs through SLF4J",
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(SAMPLE)
                                .should(GeneralCodingRules.USE_JAVA_UTIL_LOGGING)),
                named(
                        "library code logs through nothing else",
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(SAMPLE)
                                .should()
                                .dependOnClassesThat(resideInAnyPackage(
                                                "org.apache.commons.logging..",
                                                "org.apache.log4j..",
                                                "org.apache.logging..",
                                                "org.jboss.logging..")
                                        .or(assignableTo(System.Logger.class)))),
                named(
                        "library code does not print",
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(SAMPLE)
                                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void the_code_keeps_the_rule(ArchRule rule) {
        rule.check(CODE);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_breach_of_the_rule_is_noticed(ArchRule rule) {
        assertThat(rule.evaluate(OFFENDERS).getFailureReport().getDetails())
                .as(rule.getDescription())
                .isNotEmpty();
    }

    private static final ArchCondition<JavaClass> LIVE_IN_A_NULL_MARKED_PACKAGE =
            new ArchCondition<>("live in a package that is @NullMarked") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(new SimpleConditionEvent(
                            item,
                            marked,
                            "%s: package %s %s a package-info.java with @NullMarked"
                                    .formatted(item.getName(), item.getPackageName(), marked ? "has" : "lacks")));
                }
            };

    private static ArchRule librariesNeverUse(String packages) {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        "io.amends.saga..",
                        "io.amends.outbox..",
                        "io.amends.runtime..",
                        "io.amends.twopc..",
                        DASHBOARD,
                        "io.amends.cli..",
                        "io.amends.spring..")
                .and()
                .resideOutsideOfPackage(SPRING_TEST)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packages);
    }

    private static Named<ArchRule> named(String sentence, ArchRule rule) {
        return Named.of(sentence, rule);
    }
}
