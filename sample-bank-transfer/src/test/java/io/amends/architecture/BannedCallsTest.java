package io.amends.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.amends.runtime.offender.BannedCalls;
import java.io.ObjectInput;
import java.time.Clock;
import java.time.chrono.ChronoLocalDate;
import java.time.chrono.ChronoLocalDateTime;
import java.time.chrono.ChronoZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no library code calls, be it by a call, a constructor or a reference to a method. Each exception is named here with
 * its reason; {@link BannedCalls} breaks each ban on purpose, so that a ban that notices nothing is noticed.
 */
class BannedCallsTest {

    private static final String SAMPLE = "io.amends.sample..";

    private static final JavaClasses LIBRARIES = ModuleArrowsTest.CODE.that(
            describe("library code", type -> !resideInAnyPackage(SAMPLE).test(type)));

    /** Who reads the machine's clock and hands it on. */
    private static final Set<String> CLOCK = Set.of(
            "io.amends.spring.boot.autoconfigure.WallClock",
            // For callers without Spring; its constructor takes any clock.
            "io.amends.outbox.CloudEventMessages");

    /** Pauses of a thread that has nothing else to do, with a limit; stopping interrupts them. */
    private static final Set<String> PAUSES = Set.of(
            // Gathers rows for the next chunk, and backs off while a server is away.
            "io.amends.outbox.relay.LaneWorker",
            // Notifies at most once in a while, and opens a lost connection anew after a second.
            "io.amends.outbox.relay.WakeUps",
            // The caller's thread waits before its transaction is run once more, as long as the settings say.
            "io.amends.twopc.TwoPhaseTransactions");

    /** Each entry is that of a thread that waits for it, so there are as many as transactions may run at once. */
    private static final Set<String> QUEUES = Set.of("io.amends.twopc.GroupCommit");

    /** By names that are no data: what runs sagas never does. */
    private static final Set<String> CLASS_LOADERS = Set.of(
            // Registers beans of classes that Spring found on the class path itself, as Spring does.
            "io.amends.spring.boot.autoconfigure.definition.AnnotatedClassRegistrar",
            // Looks whether a test has Testcontainers.
            "io.amends.test.container.ServerChoice",
            // While an application is built: the console's records, which Spring found on the class path itself.
            "io.amends.spring.boot.autoconfigure.aot.SagaRuntimeHints");

    /** Looks whether the application's types are annotated so, and refuses them. */
    private static final String REFUSES_CLASS_NAMES = "io.amends.runtime.wire.JacksonTypeCheck";

    /** A ban, and the class that breaks it. */
    record Ban(ArchRule rule, Class<?> offender) {}

    static Stream<Named<Ban>> bans() {
        return Stream.of(
                ban(
                        "Java deserialisation",
                        BannedCalls.Deserialises.class,
                        noClasses()
                                .should()
                                .dependOnClassesThat(
                                        assignableTo(ObjectInput.class)
                                                .or(
                                                        describe(
                                                                "a serializer of Spring's",
                                                                type -> type.getPackageName()
                                                                                .startsWith(
                                                                                        "org.springframework.core.serializer")
                                                                        || type.getName()
                                                                                .equals(
                                                                                        "org.springframework.util.SerializationUtils"))))),
                calls(
                        "default typing",
                        BannedCalls.NamesClassesInJson.class,
                        Set.of(),
                        BannedCallsTest::typesByDefault),
                ban(
                        "classes named by JSON",
                        BannedCalls.AnnotatedForClassNames.class,
                        noClasses()
                                .that()
                                .doNotHaveFullyQualifiedName(REFUSES_CLASS_NAMES)
                                .should()
                                .dependOnClassesThat()
                                .haveNameMatching(
                                        ".*\\.(JsonTypeInfo(\\$.*)?|JsonTypeIdResolver|PolymorphicTypeValidator|DefaultTyping)")),
                calls(
                        "loading a class by its name",
                        BannedCalls.LoadsClasses.class,
                        CLASS_LOADERS,
                        access -> is(access, Class.class, "forName")
                                || is(access, ClassLoader.class, "loadClass")
                                || named(access, "org.springframework.util.ClassUtils", "forName", "resolveClassName")),
                calls(
                        "reading the machine's clock",
                        BannedCalls.ReadsTheClock.class,
                        CLOCK,
                        BannedCallsTest::readsTheClock),
                calls(
                        "sleeping",
                        BannedCalls.Sleeps.class,
                        PAUSES,
                        access -> is(access, Thread.class, "sleep")
                                || named(access, "java.util.concurrent.TimeUnit", "sleep")),
                calls(
                        "threads and tasks without a limit",
                        BannedCalls.RunsWithoutLimit.class,
                        Set.of(),
                        access -> named(
                                        access,
                                        "java.util.concurrent.Executors",
                                        "newCachedThreadPool",
                                        "newFixedThreadPool",
                                        "newSingleThreadExecutor",
                                        "newThreadPerTaskExecutor",
                                        "newVirtualThreadPerTaskExecutor",
                                        "newWorkStealingPool")
                                || named(access, "java.util.concurrent.ForkJoinPool", "commonPool")
                                || named(access, "org.springframework.core.task.SimpleAsyncTaskExecutor", "<init>")),
                calls(
                        "queues without a limit",
                        BannedCalls.QueuesWithoutLimit.class,
                        QUEUES,
                        BannedCallsTest::queuesWithoutLimit),
                calls(
                        "printing a stack trace",
                        BannedCalls.PrintsStackTraces.class,
                        Set.of(),
                        access -> access.getName().equals("printStackTrace")
                                && access.getTargetOwner().isAssignableTo(Throwable.class)),
                ban(
                        "parts of spring-kafka that read headers and payloads",
                        BannedCalls.MapsHeaders.class,
                        noClasses()
                                .should()
                                .dependOnClassesThat()
                                .haveNameMatching("org\\.springframework\\.kafka\\.(annotation|retrytopic"
                                        + "|support\\.(converter|mapping|serializer|.*HeaderMapper.*)).*")));
    }

    @ParameterizedTest
    @MethodSource("bans")
    void library_code_keeps_away_from(Ban ban) {
        ban.rule().check(LIBRARIES);
    }

    @ParameterizedTest
    @MethodSource("bans")
    void a_breach_is_noticed_of(Ban ban) {
        JavaClasses offender = new ClassFileImporter().importClasses(ban.offender());
        List<String> found = ban.rule()
                .allowEmptyShould(true)
                .evaluate(offender)
                .getFailureReport()
                .getDetails();

        assertThat(found)
                .as("each method of %s breaks the ban", ban.offender().getSimpleName())
                .hasSizeGreaterThanOrEqualTo(Math.max(1, ban.offender().getDeclaredMethods().length));
    }

    private static boolean typesByDefault(JavaAccess<?> access) {
        String method = access.getName();
        return method.startsWith("activateDefaultTyping")
                || method.startsWith("enableDefaultTyping")
                || method.equals("setDefaultTyping")
                || method.equals("polymorphicTypeValidator");
    }

    private static boolean readsTheClock(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        boolean isNow = access.getName().equals("now")
                && (owner.getPackageName().equals("java.time")
                        || owner.isAssignableTo(ChronoLocalDate.class)
                        || owner.isAssignableTo(ChronoLocalDateTime.class)
                        || owner.isAssignableTo(ChronoZonedDateTime.class));
        boolean isSystemClock = owner.isEquivalentTo(Clock.class)
                && (access.getName().startsWith("system") || access.getName().startsWith("tick"));
        boolean isDate = owner.isEquivalentTo(Date.class) && isConstructor(access) && parameters(access) == 0;
        boolean isCalendar =
                owner.isAssignableTo(Calendar.class) && access.getName().equals("getInstance");
        return is(access, System.class, "currentTimeMillis")
                || isNow
                || isSystemClock
                || isDate
                || isCalendar
                || named(access, "java.time.InstantSource", "system");
    }

    /** A constructor that takes no capacity, or of a queue that knows none. */
    private static boolean queuesWithoutLimit(JavaAccess<?> access) {
        if (!isConstructor(access)) {
            return false;
        }
        JavaClass owner = access.getTargetOwner();
        boolean hasCapacity = parameterNames(access).equals(List.of("int"));
        return Stream.of(LinkedBlockingQueue.class, LinkedBlockingDeque.class)
                        .anyMatch(queue -> owner.isEquivalentTo(queue) && !hasCapacity)
                || Stream.of(
                                ConcurrentLinkedQueue.class,
                                ConcurrentLinkedDeque.class,
                                LinkedTransferQueue.class,
                                PriorityBlockingQueue.class,
                                DelayQueue.class)
                        .anyMatch(owner::isEquivalentTo);
    }

    private static boolean is(JavaAccess<?> access, Class<?> owner, String method) {
        return access.getName().equals(method) && access.getTargetOwner().isAssignableTo(owner);
    }

    private static boolean named(JavaAccess<?> access, String owner, String... methods) {
        return access.getTargetOwner().getName().equals(owner)
                && Set.of(methods).contains(access.getName());
    }

    private static boolean isConstructor(JavaAccess<?> access) {
        return access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME);
    }

    private static int parameters(JavaAccess<?> access) {
        return parameterNames(access).size();
    }

    private static List<String> parameterNames(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
    }

    private static Named<Ban> ban(String what, Class<?> offender, ArchRule rule) {
        return Named.of(what, new Ban(rule.as(what), offender));
    }

    private static Named<Ban> calls(
            String what, Class<?> offender, Set<String> exceptions, Predicate<JavaAccess<?>> banned) {
        ArchCondition<JavaClass> condition = new ArchCondition<>("have to do with " + what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(banned)
                        .filter(access -> !exceptions.contains(outermost(type)))
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(access, access.getDescription())));
            }
        };
        return ban(what, offender, noClasses().should(condition));
    }

    /** So that an exception holds for what is written inside the class, too. */
    private static String outermost(JavaClass type) {
        return type.getName().split("\\$", 2)[0];
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void an_exception_that_nobody_needs_any_more_is_taken_off_the_list(String type) {
        Set<String> known = LIBRARIES.stream().map(JavaClass::getName).collect(Collectors.toSet());

        assertThat(known).contains(type);
        assertThat(LIBRARIES.get(type).getAccessesFromSelf())
                .as("what %s was excepted for", type)
                .anyMatch(access -> readsTheClock(access)
                        || queuesWithoutLimit(access)
                        || access.getName().equals("sleep")
                        || Set.of("resolveClassName", "forName").contains(access.getName()));
    }

    static Stream<String> exceptions() {
        return Stream.of(CLOCK, PAUSES, QUEUES, CLASS_LOADERS).flatMap(Set::stream);
    }
}
