import {
  AssignTag,
  CaseTag,
  Context,
  type Emitter,
  ForTag,
  IfTag,
  isTruthy,
  type Liquid,
  LiquidError,
  Output,
  RenderError,
  type Template,
  TypeGuards,
  toValue,
  toValueSync,
  UnlessTag,
} from 'liquidjs';
import { Forloop, isSimple, listOf, sliceOf } from './loop.ts';
import { isEqual, reckonOf, wordOf } from './reckon.ts';

type Print = (context: Context, page: Page) => void;

/** What is printed of one mail. */
class Page implements Emitter {
  buffer = '';
  pieces = 0;

  write(value: unknown): void {
    this.buffer += typeof value === 'string' ? value : textOf(value);
  }
}

/** As the library writes values. */
function textOf(written: unknown): string {
  const value = toValue(written);
  if (Array.isArray(value)) return value.map(textOf).join('');
  return value === undefined || value === null ? '' : String(value);
}

/**
 * A parsed template as one function of the scope: what it says always as text, and the rest as functions of their own. Limits,
 * errors and escaping are the library's; it prints by itself whatever stands in few mails (`cycle`, `tablerow`).
 */
export function printerOf(templates: readonly Template[], liquid: Liquid): (scope: object) => string {
  const print = blockOf(templates);
  return (scope) => {
    const page = new Page();
    print(new Context(scope, liquid.options, { sync: true }, { liquid }), page);
    return page.buffer;
  };
}

/** So many pieces are printed between two looks at the clock. */
const LOOK_EVERY = 64;

/** The library looks at the clock before it renders anything, and here nothing. */
const look = (context: Context): unknown => toValueSync(context.liquid.renderer.renderTemplates([], context));

function blockOf(templates: readonly Template[]): Print {
  const pieces = templates.map((template) => ({ template, print: pieceOf(template) }));
  return (context, page) => {
    for (const { template, print } of pieces) {
      try {
        page.pieces += 1;
        if (page.pieces % LOOK_EVERY === 0) look(context);
        print(context, page);
      } catch (error) {
        throw !(error instanceof Error) || LiquidError.is(error) ? error : new RenderError(error, template);
      }
      if (context.breakCalled || context.continueCalled) return;
    }
  };
}

function pieceOf(template: Template): Print {
  if (TypeGuards.isHTMLToken(template.token)) {
    const text = template.token.getContent();
    return (_, page) => {
      page.buffer += text;
    };
  }
  if (template instanceof Output) return outputOf(template);
  if (template instanceof IfTag || template instanceof UnlessTag) return choiceOf(template);
  if (template instanceof CaseTag) return caseOf(template);
  if (template instanceof ForTag && isSimple(template)) return loopOf(template);
  if (template instanceof AssignTag) return assignOf(template);
  return (context, page) => {
    const printed = toValueSync(template.render(context, page));
    if (printed) page.write(printed);
  };
}

function outputOf({ value }: Output): Print {
  const reckon = reckonOf(value);
  return (context, page) => page.write(reckon(context));
}

function assignOf(tag: AssignTag): Print {
  const reckon = reckonOf(tag['value']);
  const name = tag['key'];
  return (context) => {
    Reflect.set(context.bottom(), name, reckon(context));
  };
}

function choiceOf(tag: IfTag | UnlessTag): Print {
  const otherwise = blockOf(tag.elseTemplates ?? []);
  const branches = tag.branches.map((branch) => ({
    test: 'test' in branch ? branch.test : isTruthy,
    ask: reckonOf(branch.value),
    print: blockOf(branch.templates),
  }));
  return (context, page) => {
    const branch = branches.find(({ test, ask }) => test(ask(context), context));
    (branch?.print ?? otherwise)(context, page);
  };
}

/** Each `when` that it is equal to is printed, as by the library. */
function caseOf(tag: CaseTag): Print {
  const ask = reckonOf(tag.value);
  const otherwise = blockOf(tag.elseTemplates);
  const branches = tag.branches.map(({ values, templates }) => ({
    words: values.map(wordOf),
    print: blockOf(templates),
  }));
  return (context, page) => {
    const value = toValue(ask(context));
    let isHit = false;
    for (const { words, print } of branches) {
      if (!words.some((word) => isEqual(value, word(context), context))) continue;
      isHit = true;
      print(context, page);
    }
    if (!isHit) otherwise(context, page);
  };
}

function loopOf(tag: ForTag): Print {
  const { variable } = tag;
  const name = tag.collection.getText();
  const collection = wordOf(tag.collection);
  const slice = sliceOf(tag);
  const otherwise = blockOf(tag.elseTemplates);
  const print = blockOf(tag.templates);
  return (context, page) => {
    const all = listOf(collection(context));
    if (all.length === 0) return otherwise(context, page);
    const items = slice(all);
    // Where the next loop over the same goes on, if it says so.
    context.setRegister(`continue-${variable}-${name}`, items.length);
    const forloop = new Forloop(items.length, `${variable}-${name}`);
    const scope = Object.assign(Object.create(null), { forloop });
    context.push(scope);
    for (const item of items) {
      scope[variable] = item;
      context.continueCalled = context.breakCalled = false;
      print(context, page);
      if (context.breakCalled) break;
      forloop.next();
    }
    context.continueCalled = context.breakCalled = false;
    context.pop();
  };
}
