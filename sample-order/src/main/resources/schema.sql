create table if not exists stock (
    article varchar(50) primary key,
    available int not null
);
create table if not exists reservation (
    order_id varchar(50) primary key,
    article varchar(50) not null references stock,
    pieces int not null
);
create table if not exists payment (
    order_id varchar(50) primary key,
    customer varchar(50) not null,
    cents bigint not null
);
