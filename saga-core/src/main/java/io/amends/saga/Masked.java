package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A part of saga data, a command or a reply that operators do not see: a component of a record, or a field of another
 * class. The console, its interface and the actuator show asterisks in its place; who may unmask sees it, and a line of
 * the audit says so. It changes neither what is stored nor what is sent.
 *
 * <p>All that bears the same name is masked too, wherever it stands.
 */
@Documented
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
public @interface Masked {}
