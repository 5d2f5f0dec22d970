package io.amends.spring.boot.autoconfigure.shop;

record OrderPlaced(String orderId, String customer, int amount) {}
