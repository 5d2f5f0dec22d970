package io.amends.spring.boot.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Names the database of Amends where an application has several: on the bean of type {@link javax.sql.DataSource} in which outbox,
 * inbox and sagas keep their tables, and on that of its {@link org.springframework.transaction.PlatformTransactionManager}, whose
 * transactions start sagas, append to the outbox and handle commands. It goes before {@code @Primary}. An application with one
 * {@code DataSource} does not need it. It is a {@link Qualifier} too, so other beans can be given the same ones.
 */
@Documented
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
public @interface SagaDataSource {}
