package io.amends.spring.boot.autoconfigure.definition;

import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Beans whose class carries an annotation, with that class: the bean itself may be a subclass that Spring made. */
public final class AnnotatedBeans {

    private AnnotatedBeans() {}

    /**
     * A bean.
     *
     * @param <A> the annotation's type
     * @param declaring the class that carries the annotation
     * @param annotation what it carries
     * @param bean the object; an instance of the declaring class
     */
    public record AnnotatedBean<A extends Annotation>(Class<?> declaring, A annotation, Object bean) {}

    /**
     * The application's beans with that annotation, in the order in which they were registered.
     *
     * @throws IllegalStateException if a bean is a proxy that can't be called through its class
     */
    public static <A extends Annotation> List<AnnotatedBean<A>> of(ListableBeanFactory factory, Class<A> annotation) {
        List<AnnotatedBean<A>> found = new ArrayList<>();
        for (String name : factory.getBeanNamesForAnnotation(annotation)) {
            Object bean = factory.getBean(name);
            Class<?> declaring = ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean));
            A carried = declaring.getAnnotation(annotation);
            while (carried == null && declaring.getSuperclass() != null) {
                declaring = declaring.getSuperclass();
                carried = declaring.getAnnotation(annotation);
            }
            if (carried == null) {
                continue;
            }
            if (!declaring.isInstance(bean)) {
                throw new IllegalStateException(
                        "Bean '%s' of %s is a proxy for its interfaces only, so its @%s methods can't be called. Remove spring.aop.proxy-target-class=false, or let the class implement no interface."
                                .formatted(name, declaring.getName(), annotation.getSimpleName()));
            }
            found.add(new AnnotatedBean<>(declaring, carried, bean));
        }
        return found;
    }
}
