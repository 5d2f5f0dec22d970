package io.amends.saga.definition;

import java.util.function.UnaryOperator;

/**
 * How the data of another version becomes this version's.
 *
 * @param from the other version
 * @param dataType the type of its data
 * @param migrate makes this version's data of it; pure
 */
public record DataMigration(int from, Class<?> dataType, UnaryOperator<Object> migrate) {}
