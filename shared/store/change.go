package store

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// condition and assignment are the SDK's builders under the names that a transaction reads by.
type (
	condition  = expression.ConditionBuilder
	assignment = expression.UpdateBuilder
)

type act int

const (
	nothing act = iota
	checks
	puts
	updates
	removes
)

// change is one part of a transaction: what happens to one item, and on which condition. The zero
// change is nothing, for parts that do not always apply.
type change struct {
	act  act
	key  key
	when []condition
	item any
	set  assignment
	also []change // further parts that belong to this one
}

func check(k key, when ...condition) change  { return change{act: checks, key: k, when: when} }
func remove(k key, when ...condition) change { return change{act: removes, key: k, when: when} }

// put writes a whole item, whose key must be k.
func put(k key, item any, when ...condition) change {
	return change{act: puts, key: k, item: item, when: when}
}

// update changes an item that exists: without that condition it would resurrect what a purge removed.
func update(k key, set assignment, when ...condition) change {
	return change{act: updates, key: k, set: set, when: append(when, exists())}
}

// with returns c together with further parts.
func (c change) with(more ...change) change {
	c.also = append(c.also, more...)
	return c
}

// provided returns c, or nothing.
func provided(ok bool, c func() change) change {
	if !ok {
		return change{}
	}
	return c()
}

func exists() condition         { return expression.AttributeExists(expression.Name("PK")) }
func absent() condition         { return expression.AttributeNotExists(expression.Name("PK")) }
func has(attr string) condition { return expression.AttributeExists(expression.Name(attr)) }
func hasNot(attr string) condition {
	return expression.AttributeNotExists(expression.Name(attr))
}

func is(attr string, value any) condition {
	return expression.Name(attr).Equal(expression.Value(value))
}

func set(attr string, value any) assignment {
	return expression.Set(expression.Name(attr), expression.Value(value))
}

// clear removes an attribute.
func unset(attr string) assignment { return expression.Remove(expression.Name(attr)) }

// flatten lists the parts of a transaction, each key once: checks of a key that is also written
// become conditions of the write, and two writes of one key are refused, as DynamoDB would.
func flatten(parts []change) ([]change, error) {
	var all []change
	at := map[key]int{}
	var add func([]change) error
	add = func(parts []change) error {
		for _, c := range parts {
			if i, seen := at[c.key]; seen && c.act != nothing {
				merged, err := merge(all[i], c)
				if err != nil {
					return err
				}
				all[i] = merged
			} else if c.act != nothing {
				at[c.key] = len(all)
				all = append(all, c)
			}
			if err := add(c.also); err != nil {
				return err
			}
		}
		return nil
	}
	return all, add(parts)
}

func merge(a, b change) (change, error) {
	if a.act == checks {
		a, b = b, a
	}
	if b.act != checks {
		return change{}, fmt.Errorf("store: two actions on %v in one transaction", a.key)
	}
	a.when = append(append([]condition{}, a.when...), b.when...)
	return a, nil
}

// write returns c as the SDK takes it.
func (c change) write(table *string) (types.TransactWriteItem, error) {
	e, err := c.expression()
	if err != nil {
		return types.TransactWriteItem{}, fmt.Errorf("store: expression for %v: %w", c.key, err)
	}
	names, values, when := e.Names(), e.Values(), e.Condition()
	switch c.act {
	case checks:
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
			TableName: table, Key: c.key.av(), ConditionExpression: when,
			ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		}}, nil
	case removes:
		return types.TransactWriteItem{Delete: &types.Delete{
			TableName: table, Key: c.key.av(), ConditionExpression: when,
			ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		}}, nil
	case updates:
		return types.TransactWriteItem{Update: &types.Update{
			TableName: table, Key: c.key.av(), ConditionExpression: when, UpdateExpression: e.Update(),
			ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		}}, nil
	}
	item, err := attributevalue.MarshalMap(c.item)
	if err != nil {
		return types.TransactWriteItem{}, fmt.Errorf("store: item %v: %w", c.key, err)
	}
	return types.TransactWriteItem{Put: &types.Put{
		TableName: table, Item: item, ConditionExpression: when,
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}}, nil
}

func (c change) expression() (expression.Expression, error) {
	b := expression.NewBuilder()
	if len(c.when) == 0 && c.act != updates {
		return expression.Expression{}, nil
	}
	if c.act == updates {
		b = b.WithUpdate(c.set)
	}
	if len(c.when) > 0 {
		b = b.WithCondition(all(c.when))
	}
	return b.Build()
}

func all(when []condition) condition {
	if len(when) == 1 {
		return when[0]
	}
	return expression.And(when[0], when[1], when[2:]...)
}

// assign is one more attribute of an assignment.
func assign(attr string, value any) (expression.NameBuilder, expression.OperandBuilder) {
	return expression.Name(attr), expression.Value(value)
}
