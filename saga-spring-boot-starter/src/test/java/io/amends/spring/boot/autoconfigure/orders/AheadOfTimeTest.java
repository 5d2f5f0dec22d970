package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Order;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.OrderSaga;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Paid;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Pay;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Reserve;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Reserved;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.TooExpensive;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Warehouse;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

/** The shop processed ahead of time, as {@code process-aot} does it: what it knows of its beans is code, nothing is scanned. */
class AheadOfTimeTest {

    private final TestGenerationContext generated = new TestGenerationContext(OrderApplication.class);

    @Test
    void what_is_called_by_reflection_and_what_is_sent_is_kept() {
        process();
        RuntimeHints hints = generated.getRuntimeHints();
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(OrderSaga.class, "reserve"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(Warehouse.class)
                        .withMemberCategory(MemberCategory.INVOKE_DECLARED_METHODS))
                .accepts(hints);
        // The last two are named by the contract of a command alone.
        for (Class<?> sent :
                List.of(Order.class, Reserve.class, Reserved.class, Pay.class, Paid.class, TooExpensive.class)) {
            assertThat(RuntimeHintsPredicates.reflection()
                            .onType(sent)
                            .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                    .as(sent.getName())
                    .accepts(hints);
        }
    }

    @Test
    @CompileWithForkedClassLoader
    void it_runs_without_scanning() {
        ClassName initializer = process();
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        TestCompiler.forSystem().with(generated).compile(compiled -> {
            @SuppressWarnings("unchecked")
            ApplicationContextInitializer<GenericApplicationContext> beans =
                    compiled.getInstance(ApplicationContextInitializer.class, initializer.toString());
            try (GenericApplicationContext application = new GenericApplicationContext()) {
                application
                        .getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource(
                                "here",
                                Map.of(
                                        "shop.bank", "bank",
                                        "saga.topics.partitions", "2",
                                        "spring.datasource.url", postgres.freshDatabase(),
                                        "spring.datasource.username", postgres.username(),
                                        "spring.datasource.password", postgres.password(),
                                        "spring.kafka.bootstrap-servers",
                                                EmbeddedKafkaBroker.shared().bootstrapServers())));
                application.setClassLoader(compiled.getClassLoader());
                beans.initialize(application);
                application.refresh();

                assertThat(application.containsBean("sagaAnnotatedClassRegistrar"))
                        .isFalse();
                Sagas sagas = application.getBean(Sagas.class);
                SagaKey key = SagaKey.of("order-1");
                sagas.start(OrderSaga.class, new Order("order-1", 5), key);
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(sagas.find("order", key))
                                .map(SagaSnapshot::phase)
                                .contains(SagaPhase.COMPLETED));
            }
        });
    }

    private ClassName process() {
        GenericApplicationContext context = prepare();
        ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
        generated.writeGeneratedContent();
        return initializer;
    }

    /** The application's context before it is refreshed. */
    private static GenericApplicationContext prepare() {
        SpringApplication application = new SpringApplication(OrderApplication.class);
        try {
            SpringApplication.withHook(
                    running -> new SpringApplicationRunListener() {
                        @Override
                        public void contextLoaded(ConfigurableApplicationContext context) {
                            throw new AbandonedRunException(context);
                        }
                    },
                    () -> application.run(
                            "--spring.main.web-application-type=none",
                            "--spring.main.banner-mode=off",
                            "--shop.bank=bank",
                            "--spring.datasource.url=jdbc:postgresql://localhost/none"));
        } catch (AbandonedRunException abandoned) {
            return (GenericApplicationContext) abandoned.getApplicationContext();
        }
        throw new IllegalStateException("The run was not abandoned.");
    }
}
