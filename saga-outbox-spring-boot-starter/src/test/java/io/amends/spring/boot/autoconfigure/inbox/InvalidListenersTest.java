package io.amends.spring.boot.autoconfigure.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.outbox.inbox.IdempotentListener;
import io.amends.spring.boot.autoconfigure.diagnostics.Analyses;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.diagnostics.FailureAnalysis;

class InvalidListenersTest {

    @Test
    void listeners_that_can_not_work_are_told_all_at_once_each_with_what_would_do() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("wrong", new RootBeanDefinition(Wrong.class));

        FailureAnalysis analysis = Analyses.of(catchThrowable(() -> ListenerScan.of(beans, text -> text)));

        assertThat(analysis.getDescription().lines())
                .containsExactlyInAnyOrder(
                        "3 @IdempotentListener methods can't be used:",
                        "- Wrong.answers: it returns String, which nobody would get. Make it void; append an answer to the Outbox.",
                        "- Wrong.hears: it has 0 parameters for the message, but needs exactly one: ConsumerRecord<byte[], byte[]>, or the type that the value is read as. Besides it may take the message's id (UUID) and Kafka's Headers.",
                        "- Wrong.hides: it is private or static. Make it an instance method that its class's proxies can call.");
        assertThat(analysis.getDescription()).startsWith("3 @IdempotentListener methods");
        assertThat(analysis.getAction()).isEqualTo("Change the methods as the lines above say.");
    }

    static class Wrong {

        @IdempotentListener(consumer = "answers", topics = "news")
        String answers(String text) {
            return text;
        }

        @IdempotentListener(consumer = "hears", topics = "news")
        void hears() {}

        @IdempotentListener(consumer = "hides", topics = "news")
        static void hides(String text) {}
    }
}
