package io.amends.spring.boot.autoconfigure.observability;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * What is observed of sagas: each makes a span where the application traces, and a timer of the same name where it measures.
 * Names and keys can be changed by a bean of type {@code GlobalObservationConvention} for the context in question.
 */
public enum SagaObservation implements ObservationDocumentation {
    /** A saga is started: the span that its first commands belong to. */
    START {
        @Override
        public String getName() {
            return SagaMeter.START.meterName();
        }

        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return SagaStartConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return new KeyName[] {Key.SAGA, Key.OUTCOME};
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return new KeyName[] {Key.VERSION};
        }
    },
    /** A participant carries out an action or a compensation; a child of what sent the command. */
    COMMAND {
        @Override
        public String getName() {
            return SagaMeter.COMMAND.meterName();
        }

        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return SagaCommandConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return new KeyName[] {Key.PARTICIPANT, Key.COMMAND, Key.KIND, Key.OUTCOME};
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return Key.ofMessages();
        }
    },
    /** The orchestrator takes a reply and decides what follows; a child of what sent the reply's command. */
    REPLY {
        @Override
        public String getName() {
            return SagaMeter.REPLY.meterName();
        }

        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return SagaReplyConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return new KeyName[] {Key.SAGA, Key.KIND, Key.OUTCOME};
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return Key.ofMessages();
        }
    };

    /** Keys of spans; those of few values are the timers' tags too. */
    public enum Key implements KeyName {
        /** The definition's name. */
        SAGA("saga"),
        /** What came of it. */
        OUTCOME("outcome"),
        /** Who carries the command out. */
        PARTICIPANT("participant"),
        /** The command's logical type. */
        COMMAND("command"),
        /** Action or compensation. */
        KIND("kind"),
        /** The definition's version. */
        VERSION("saga.version"),
        /** The saga's id. */
        SAGA_ID("saga.id"),
        /** The definition's name, where it is no tag. */
        SAGA_NAME("saga.name"),
        /** The saga's page in the console, where saga.console.url says where that is. */
        LINK("saga.link"),
        /** The step. */
        STEP("saga.step"),
        /** Which sending of the command it is or answers. */
        ATTEMPT("saga.attempt"),
        /** The message's id. */
        MESSAGE_ID("messaging.message.id"),
        /** The topic. */
        TOPIC("messaging.destination.name"),
        /** Where it lies in the topic. */
        PARTITION("messaging.destination.partition.id"),
        /** Where it lies in the partition. */
        OFFSET("messaging.kafka.offset"),
        /** Kafka, or PostgreSQL where there is no Kafka; partition and offset are then -1 and the position in the outbox. */
        SYSTEM("messaging.system"),
        /** Always process. */
        OPERATION("messaging.operation.type");

        private final String key;

        Key(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }

        static KeyName[] ofMessages() {
            return new KeyName[] {
                SAGA_ID, SAGA_NAME, STEP, ATTEMPT, MESSAGE_ID, TOPIC, PARTITION, OFFSET, SYSTEM, OPERATION, LINK
            };
        }
    }
}
