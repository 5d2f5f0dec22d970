package io.amends.saga;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes the saga's data of that of another version, when an operator moves an instance to this one. The method takes the other
 * version's data and returns this one's. Only needed where the stored data can't be read as this version's as it is. It must be a
 * pure function; what it throws keeps the instance on its version.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface MigratesData {

    /** The other version: mostly an earlier one. */
    int from();
}
