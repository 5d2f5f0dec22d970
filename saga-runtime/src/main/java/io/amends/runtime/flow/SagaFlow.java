package io.amends.runtime.flow;

import java.util.List;

/**
 * What is held and limited, and how operators change it while everything runs. Each change is one transaction with a line
 * in {@code saga_audit}, and all processes of the service follow within about a second. Replies, compensations and timers
 * are never held. Safe for use by many threads.
 */
public interface SagaFlow {

    /**
     * Who asks, and why, for those who come later.
     *
     * @param operator who
     * @param reason why
     */
    record Order(String operator, String reason) {

        /** An order without a reason or an operator could not be accounted for. */
        public Order {
            if (operator.isBlank() || reason.isBlank()) {
                throw new IllegalArgumentException("An order names its operator and its reason.");
            }
        }
    }

    /** Every participant that has, or had, trouble, that is held, or that something waits for; by name. */
    List<ParticipantFlow> participants();

    /** From now on actions for that participant wait, until it is released. */
    void hold(String participant, Order order);

    /** Takes the participant as working: ends an operator's hold, and closes the breaker. What waits is sent. */
    void release(String participant, Order order);

    /** The settings that count now: the properties, but for what was set here. */
    FlowSettings settings();

    /**
     * Changes a setting.
     *
     * @param name as the property: {@code saga.flow.breaker.failures}, {@code saga.flow.participant-limits.payments}
     * @param value as the property, such as {@code 5} or {@code 30s}; {@code none} for no limit
     * @throws IllegalArgumentException if there is no such setting, or the value can't be used; nothing was changed
     */
    void set(String name, String value, Order order);

    /** Goes back to what the property says. */
    void reset(String name, Order order);
}
