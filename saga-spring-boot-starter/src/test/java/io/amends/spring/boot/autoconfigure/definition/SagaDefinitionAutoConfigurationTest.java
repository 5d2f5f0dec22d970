package io.amends.spring.boot.autoconfigure.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.saga.definition.InvalidSagaException;
import io.amends.saga.definition.Problem;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import io.amends.spring.boot.autoconfigure.definition.broken.BrokenSagas;
import io.amends.spring.boot.autoconfigure.definition.broken.BrokenSagas.WithoutCompensation;
import io.amends.spring.boot.autoconfigure.definition.found.Parcels;
import io.amends.spring.boot.autoconfigure.definition.found.Parcels.ParcelSaga;
import io.amends.spring.boot.autoconfigure.definition.found.Parcels.PostOffice;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class SagaDefinitionAutoConfigurationTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SagaDefinitionAutoConfiguration.class));

    @Test
    void saga_and_participant_classes_of_the_application_become_beans_without_further_annotation() {
        application.withUserConfiguration(Application.class).run(context -> {
            assertThat(context).hasSingleBean(ParcelSaga.class).hasSingleBean(PostOffice.class);
            assertThat(context.getBean(SagaRegistry.class).names()).containsExactly("parcel");
            assertThat(context.getBean(SagaRegistry.class).ofClass(ParcelSaga.class))
                    .isPresent();
        });
    }

    @Test
    void nothing_else_of_the_application_is_scanned_for() {
        application
                .withUserConfiguration(Application.class)
                .run(context -> assertThat(context).doesNotHaveBean(Parcels.Bystander.class));
    }

    @Test
    void a_class_that_the_application_registered_itself_is_not_registered_again() {
        application
                .withUserConfiguration(ApplicationWithItsOwnSaga.class)
                .run(context ->
                        assertThat(context).getBeanNames(ParcelSaga.class).containsExactly("mySaga"));
    }

    @Test
    void without_application_packages_nothing_is_registered() {
        application.run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(ParcelSaga.class);
            assertThat(context.getBean(SagaRegistry.class).all()).isEmpty();
        });
    }

    @Test
    void saga_enabled_false_switches_everything_off() {
        application
                .withUserConfiguration(Application.class)
                .withPropertyValues("saga.enabled=false")
                .run(context ->
                        assertThat(context).doesNotHaveBean(ParcelSaga.class).doesNotHaveBean(SagaRegistry.class));
    }

    @Test
    void wrong_definitions_stop_the_start_and_the_problems_of_all_sagas_are_told_at_once() {
        application
                .withUserConfiguration(BrokenApplication.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidSagaException.class,
                                invalid -> assertThat(invalid.problems())
                                        .extracting(Problem::where)
                                        .anySatisfy(where -> assertThat(where).contains("WithoutCompensation.pay"))
                                        .anySatisfy(where -> assertThat(where).contains("WithoutCompensation.undo"))
                                        .anySatisfy(
                                                where -> assertThat(where).contains("RejectableAfterThePivot.pay"))));
    }

    @Test
    void problems_of_classes_and_of_each_builder_are_told_at_once_and_so_is_a_name_that_one_of_them_shares() {
        application
                .withUserConfiguration(BrokenApplication.class, BrokenBuilders.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(
                                InvalidSagaException.class,
                                invalid -> assertThat(invalid.problems())
                                        .extracting(problem -> problem.code().code() + " " + problem.where())
                                        .contains(
                                                "SAGA-008 RejectableAfterThePivot.pay(Order)",
                                                "SAGA-010 saga 'without-a-step'",
                                                "SAGA-010 saga 'likewise'",
                                                "SAGA-001 %s and a builder"
                                                        .formatted(WithoutCompensation.class.getName()))));
    }

    @Test
    void a_builder_bean_that_fails_for_another_reason_is_told_as_it_is() {
        application
                .withUserConfiguration(Application.class, LackingBuilder.class)
                .run(context ->
                        assertThat(context).getFailure().rootCause().isInstanceOf(NoSuchBeanDefinitionException.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class BrokenBuilders {
        @Bean
        SagaDefinition withoutAStep() {
            return SagaDefinition.named("without-a-step").data(String.class).build();
        }

        @Bean
        SagaDefinition likewise() {
            return SagaDefinition.named("likewise").data(String.class).build();
        }

        @Bean
        SagaDefinition rival() {
            return SagaDefinition.named("without-compensation")
                    .data(String.class)
                    .retriableLocalStep("only", data -> data)
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LackingBuilder {
        @Bean
        SagaDefinition lacking(StringBuilder name) {
            return SagaDefinition.named(name.toString()).data(String.class).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @AutoConfigurationPackage(basePackageClasses = Parcels.class)
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @Import(Application.class)
    static class ApplicationWithItsOwnSaga {
        @Bean
        ParcelSaga mySaga() {
            return new ParcelSaga();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @AutoConfigurationPackage(basePackageClasses = BrokenSagas.class)
    static class BrokenApplication {}
}
