package io.amends.spring.boot.autoconfigure.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.amends.outbox.inbox.IdempotentListener;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.javapoet.ClassName;

class ListenerHintsTest {

    private final ListenerHints registered = AotServices.factories().load(BeanRegistrationAotProcessor.class).stream()
            .filter(ListenerHints.class::isInstance)
            .map(ListenerHints.class::cast)
            .findFirst()
            .orElseThrow();

    @Test
    void a_method_that_listens_and_the_payload_that_it_takes_are_kept_in_a_native_image() {
        DefaultGenerationContext context = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get(ListenerHintsTest.class)), new InMemoryGeneratedFiles());
        BeanRegistrationAotContribution contribution =
                Objects.requireNonNull(registered.processAheadOfTime(bean(Reader.class)));

        contribution.applyTo(context, mock(BeanRegistrationCode.class));

        RuntimeHints hints = context.getRuntimeHints();
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Reader.class, "on"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(News.class)
                        .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Reader.class, "other"))
                .rejects(hints);
    }

    @Test
    void a_bean_that_does_not_listen_adds_nothing() {
        assertThat(registered.processAheadOfTime(bean(News.class))).isNull();
    }

    private static RegisteredBean bean(Class<?> type) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("one", new RootBeanDefinition(type));
        return RegisteredBean.of(beans, "one");
    }

    record News(String text) {}

    static class Reader {

        @IdempotentListener(consumer = "reader", topics = "news")
        void on(News news) {}

        void other(String text) {}
    }
}
