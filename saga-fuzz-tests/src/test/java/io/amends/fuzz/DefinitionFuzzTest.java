package io.amends.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.amends.fuzz.Warehouse.Order;
import io.amends.fuzz.Warehouse.Release;
import io.amends.fuzz.Warehouse.Reserve;
import io.amends.saga.Compensation;
import io.amends.saga.Escalation;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.definition.AnnotatedSagas;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.diagram.SagaDiagram;
import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.FixedValue;
import org.junit.jupiter.api.AfterAll;

/** Whatever stands in a saga's annotations makes a definition, or is refused with problems that say where they are. */
class DefinitionFuzzTest {

    private static final Set<String> SEEDS = DefinitionSeeds.names();
    private static final Set<String> ACCEPTED = new HashSet<>();

    /** Otherwise what follows on reading would be tried by nothing that is kept. Who fuzzes makes others of the seeds. */
    @AfterAll
    static void of_the_corpus_those_that_keep_the_rules_were_accepted() {
        assertThat(ACCEPTED).containsAll(DefinitionSeeds.accepted().keySet());
        if (System.getenv("JAZZER_FUZZ") == null) {
            assertThat(ACCEPTED)
                    .doesNotContainAnyElementsOf(DefinitionSeeds.refused().keySet());
        }
    }

    @FuzzTest(maxDuration = "60s")
    void annotations_are_read_or_refused_with_their_problems(FuzzedDataProvider data) throws Exception {
        AnnotationDescription saga = AnnotationDescription.Builder.ofType(Saga.class)
                .define("name", data.consumeString(20))
                .define("version", data.consumeInt())
                .define("deadline", data.consumeString(20))
                .define("onDeadline", data.pickValue(Escalation.values()))
                .build();
        AnnotationDescription retry = AnnotationDescription.Builder.ofType(Retry.class)
                .define("attempts", data.consumeInt())
                .define("backoff", data.consumeString(20))
                .define("backoffMax", data.consumeString(20))
                .define("multiplier", data.consumeDouble())
                .define("within", data.consumeString(20))
                .build();
        String step = data.consumeString(20);
        AnnotationDescription action = AnnotationDescription.Builder.ofType(SagaStep.class)
                .define("order", data.consumeInt())
                .define("name", step)
                .define("kind", data.pickValue(StepKind.values()))
                .define("participant", data.consumeString(20))
                .define("saga", data.consumeString(20))
                .define("timeout", data.consumeString(20))
                .define("sla", data.consumeString(20))
                .define("onExhausted", data.pickValue(Escalation.values()))
                .define("retry", retry)
                .build();
        AnnotationDescription compensation = AnnotationDescription.Builder.ofType(Compensation.class)
                .define("of", data.consumeBoolean() ? step : data.consumeString(20))
                .build();
        Object made = new ByteBuddy()
                .subclass(Object.class)
                .name("io.amends.fuzz.generated.Made")
                .annotateType(saga)
                .defineMethod("act", Reserve.class, Visibility.PUBLIC)
                .withParameter(Order.class)
                .intercept(FixedValue.nullValue())
                .annotateMethod(action)
                .defineMethod("undo", Release.class, Visibility.PUBLIC)
                .withParameter(Order.class)
                .intercept(FixedValue.nullValue())
                .annotateMethod(compensation)
                .make()
                .load(getClass().getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
                .getLoaded()
                .getDeclaredConstructor()
                .newInstance();

        SagaDefinition definition;
        try {
            definition = AnnotatedSagas.read(made);
        } catch (InvalidSagaException refused) {
            assertThat(refused.problems()).isNotEmpty();
            return;
        }
        assertThat(definition.fingerprint()).isEqualTo(AnnotatedSagas.read(made).fingerprint());
        assertThat(SagaDiagram.mermaid(definition)).isNotBlank();
        if (SEEDS.contains(definition.name())) {
            ACCEPTED.add(definition.name());
        }
    }
}
