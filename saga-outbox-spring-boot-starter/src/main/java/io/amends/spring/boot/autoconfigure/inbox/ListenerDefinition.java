package io.amends.spring.boot.autoconfigure.inbox;

import java.lang.reflect.Method;
import java.util.List;

/**
 * A method that is to listen.
 *
 * @param consumer the name under which it remembers what it has taken
 * @param topics the topics it reads
 * @param group its consumer group
 * @param idHeader the header that holds a message's id
 * @param beanName the bean that has the method
 * @param method the method, as its class declares it
 * @param parameters what each of its parameters is given
 */
record ListenerDefinition(
        String consumer,
        List<String> topics,
        String group,
        String idHeader,
        String beanName,
        Method method,
        List<ListenerParameter> parameters) {

    /** Class and method, for texts. */
    String place() {
        return place(method);
    }

    static String place(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }
}
